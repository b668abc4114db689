/** The network first, and what was kept when it does not answer in time. */
import { isOverdue } from "./age.js";
import { isDown } from "./rules.js";
import { settle } from "./settling.js";

/** How long somebody waits who could read what is kept. */
export const PATIENCE_MS = 3000;

/** Why something kept was given. @typedef {"offline" | "slow" | "down"} Reason */
/**
 * @typedef {object} Given
 * @property {Response | null} answer `null`: there is none, neither there nor here
 * @property {Reason | null} reason why it is not what our server says now; `null` when it is
 * @property {Response} [refusal] what the server said that is down
 * @property {Promise<boolean>} [later] of a slow one: whether the network has answered after all
 */

/**
 * @param {object} question
 * @param {Request} question.request
 * @param {string} question.name of the cache
 * @param {() => Promise<Response>} question.ask of the network
 * @param {() => Promise<Response | undefined>} question.recall what is kept
 * @param {(work: Promise<unknown>) => void} question.afterwards what has to be done before the worker may sleep
 * @param {number} [question.patience_ms]
 * @returns {Promise<Given>}
 */
export async function networkFirst({ request, name, ask, recall, afterwards, patience_ms = PATIENCE_MS }) {
  const asked = ask().then((answer) => {
    afterwards(settle(name, request, answer.clone()));
    return answer;
  });
  asked.catch(() => {}); // Whoever waits for it hears of it; nobody may.
  const kept = await recall();
  try {
    const answer = await (kept ? Promise.race([asked, wait(patience_ms)]) : asked);
    // A server in front that has nothing newer says by it that ours is down.
    if (answer && !isDown(answer.status)) return { answer, reason: isOverdue(answer) ? "down" : null };
    if (answer) return { answer: kept ?? null, reason: "down", refusal: answer };
    const later = asked.then(
      (late) => !isDown(late.status) && !isOverdue(late),
      () => false,
    );
    return { answer: kept ?? null, reason: "slow", later };
  } catch {
    return { answer: kept ?? null, reason: "offline" };
  }
}

/** @param {number} ms @returns {Promise<null>} */
function wait(ms) {
  return new Promise((resolve) => setTimeout(() => resolve(null), ms));
}
