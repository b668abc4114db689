/** The little of a service worker's world that ours uses: TypeScript has it only in a library that excludes the page's. */
interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  /** Of who asks; empty for a page that is only being opened. */
  readonly clientId: string;
  /** Of the page that is being opened. */
  readonly resultingClientId: string;
  respondWith(answer: Promise<Response> | Response): void;
}

interface WorkerMessageEvent extends ExtendableEvent {
  readonly data: unknown;
  readonly source: WorkerClient | null;
  readonly ports: readonly MessagePort[];
}

interface WorkerClient {
  readonly id: string;
  postMessage(message: unknown): void;
}

interface ServiceWorkerScope {
  readonly location: Location;
  readonly clients: {
    claim(): Promise<void>;
    get(id: string): Promise<WorkerClient | undefined>;
    matchAll(): Promise<readonly WorkerClient[]>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", listener: (event: ExtendableEvent) => void): void;
  addEventListener(type: "fetch", listener: (event: FetchEvent) => void): void;
  addEventListener(type: "message", listener: (event: WorkerMessageEvent) => void): void;
}

/** What the build knows and writes into the worker; see static/build/worker.mjs. */
declare const BUILD: {
  /** A digest of everything below. */
  version: string;
  /** Paths of the shell: scripts of the finder and of a place's page with all they import, sheet, sprite, outline, icon. */
  files: string[];
  /** Path of the messages by language. */
  messages: Record<string, string>;
};
