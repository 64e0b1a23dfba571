// What stays on a phone is encrypted with a key made from a number that only its worker knows.
// AES-GCM under PBKDF2; the key cannot be read out by scripts, and is forgotten after ten idle minutes, at sign-out,
// and after ten wrong numbers (then with everything it protects).

const ROUNDS = 600_000;
const IDLE = 10 * 60 * 1000;
const MOST_TRIES = 10;
const NAME = "wushe-vault";
const listeners = new Set();
const channel = "BroadcastChannel" in self ? new BroadcastChannel(NAME) : null;

channel?.addEventListener("message", () => listeners.forEach((tell) => tell()));

export class Locked extends Error {}

export const supported = () => Boolean(globalThis.crypto?.subtle && globalThis.indexedDB);

export function onChange(tell) {
  listeners.add(tell);
}

function changed() {
  listeners.forEach((tell) => tell());
  channel?.postMessage("changed");
}

async function store(mode, work) {
  const database = await new Promise((done, fail) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore("kept", { keyPath: "id" });
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
  try {
    return await new Promise((done, fail) => {
      const transaction = database.transaction("kept", mode);
      const request = work(transaction.objectStore("kept"));
      transaction.oncomplete = () => done(request?.result);
      transaction.onerror = transaction.onabort = () => fail(transaction.error);
    });
  } finally {
    database.close();
  }
}

const get = (id) => store("readonly", (kept) => kept.get(id));
const put = (row) => store("readwrite", (kept) => kept.put(row));
const drop = (id) => store("readwrite", (kept) => kept.delete(id));

// "none": no number has been set; "open"; "locked".
export async function state() {
  if (!(await get("lock"))) return "none";
  return (await fresh()) ? "open" : "locked";
}

// The key, unless it was left alone for too long or the clock was set back.
async function fresh() {
  const kept = await get("key");
  if (!kept) return null;
  const idle = Date.now() - kept.seen;
  if (idle >= 0 && idle <= IDLE) return kept;
  await lock();
  return null;
}

async function derive(number, salt) {
  const base = await crypto.subtle.importKey("raw", new TextEncoder().encode(number), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

export async function create(number) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const key = await derive(number, salt);
  await put({ id: "lock", salt, tries: 0, check: await encrypt(key, new TextEncoder().encode("wushe")) });
  await put({ id: "key", key, seen: Date.now() });
  changed();
}

// How many tries are left; Infinity if the number was right.
export async function unlock(number) {
  const kept = await get("lock");
  await put({ ...kept, tries: kept.tries + 1 });
  const key = await derive(number, kept.salt);
  try {
    await decrypt(key, kept.check);
  } catch {
    const left = MOST_TRIES - kept.tries - 1;
    if (left <= 0) await wipe();
    return Math.max(0, left);
  }
  await put({ ...kept, tries: 0 });
  await put({ id: "key", key, seen: Date.now() });
  changed();
  return Infinity;
}

export async function lock() {
  await drop("key");
  changed();
}

// Somebody is at the phone: the time of idleness begins anew, unless it was over already.
export async function touch() {
  const kept = await fresh();
  if (kept) await put({ ...kept, seen: Date.now() });
}

// Wait until the store is open: a worker who has set no number is asked to set one, else for the one that was set.
export async function need() {
  if ((await state()) === "open") return;
  await new Promise((done, fail) => {
    if (!dispatchEvent(new CustomEvent("wushe-number", { cancelable: true, detail: { done, fail } }))) return;
    fail(new Locked());
  });
}

async function key() {
  const kept = await fresh();
  if (!kept) throw new Locked();
  return kept.key;
}

async function encrypt(secret, bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, secret, bytes) };
}

const decrypt = (secret, sealed) => crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv }, secret, sealed.data);

export async function seal(value) {
  return encrypt(await key(), new TextEncoder().encode(JSON.stringify(value)));
}

export async function open(sealed) {
  return JSON.parse(new TextDecoder().decode(await decrypt(await key(), sealed)));
}

export async function sealPhoto(photo) {
  return { ...(await encrypt(await key(), await photo.arrayBuffer())), type: photo.type };
}

export async function openPhoto(sealed) {
  return new Blob([await decrypt(await key(), sealed)], { type: sealed.type });
}

// The number by which the server knows this phone.
export async function device() {
  const known = await get("device");
  if (known) return known.value;
  const value = crypto.randomUUID();
  await put({ id: "device", value });
  return value;
}

// Nothing of anybody stays: not the key, not the records, not the pages.
export async function wipe() {
  for (const name of await caches.keys()) if (name.startsWith("wushe-pages")) await caches.delete(name);
  for (const name of ["wushe-outbox", "wushe-doors", NAME])
    await new Promise((done) => {
      const request = indexedDB.deleteDatabase(name);
      request.onsuccess = request.onerror = request.onblocked = done;
    });
  changed();
}
