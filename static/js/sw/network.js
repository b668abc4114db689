/** The network first, and what was kept when it does not answer in time. */
import { isOverdue } from "./age.js";
import { isDown } from "./rules.js";
import { settle } from "./settling.js";

/** How long somebody waits who could read what is kept. */
export const PATIENCE_MS = 3000;
/** How long somebody waits who has nothing else to read: a slow network may need it, one that answers nothing does not. */
export const LAST_PATIENCE_MS = 30_000;

/** Why something kept was given. @typedef {"offline" | "slow" | "down"} Reason */
/**
 * @typedef {object} Given
 * @property {Response | null} answer `null`: there is none, neither there nor here
 * @property {Reason | null} reason why it is not what our server says now; `null` when it is
 * @property {Response} [refusal] what the server said that is down
 * @property {Promise<Reason | null>} [later] of a slow one: `null` when the network has answered after all, else why not
 */

/**
 * @param {object} question
 * @param {Request} question.request
 * @param {string} question.name of the cache
 * @param {() => Promise<Response>} question.ask of the network
 * @param {() => Promise<Response | undefined>} question.recall what is kept
 * @param {(work: Promise<unknown>) => void} question.afterwards what has to be done before the worker may sleep
 * @param {number} [question.patience_ms]
 * @param {number} [question.last_patience_ms] where nothing is kept
 * @returns {Promise<Given>}
 */
export async function networkFirst(question) {
  const { request, name, ask, recall, afterwards } = question;
  const { patience_ms = PATIENCE_MS, last_patience_ms = LAST_PATIENCE_MS } = question;
  const asked = ask().then((answer) => {
    afterwards(settle(name, request, answer.clone()));
    return answer;
  });
  asked.catch(() => {}); // Whoever waits for it hears of it; nobody may.
  // What was kept may be of any build, or broken: that is never in the way of what the network says.
  const recalled = recall().catch(() => undefined);
  const patience = recalled.then((kept) => (kept ? patience_ms : last_patience_ms));
  try {
    const answer = await inTime(asked, patience);
    // A server in front that has nothing newer says by it that ours is down.
    if (answer && !isDown(answer.status)) return { answer, reason: isOverdue(answer) ? "down" : null };
    const kept = (await recalled) ?? null;
    if (answer) return { answer: kept, reason: "down", refusal: answer };
    /** @type {Promise<Reason | null>} */
    const later = asked.then(
      (late) => (isDown(late.status) || isOverdue(late) ? "down" : null),
      () => "offline",
    );
    return { answer: kept, reason: kept ? "slow" : "offline", later };
  } catch {
    return { answer: (await recalled) ?? null, reason: "offline" };
  }
}

/** What is asked for, or `null` when it takes longer.
 * @param {Promise<Response>} asked
 * @param {Promise<number>} [patience] in milliseconds
 * @returns {Promise<Response | null>}
 */
export async function inTime(asked, patience = Promise.resolve(PATIENCE_MS)) {
  let isOver = false;
  let over = 0;
  /** @param {number} ms @returns {Promise<null>} */
  const wait = (ms) =>
    new Promise((resolve) => {
      if (!isOver) over = Number(setTimeout(resolve, ms, null));
    });
  try {
    return await Promise.race([asked, patience.then(wait)]);
  } finally {
    isOver = true;
    clearTimeout(over);
  }
}
