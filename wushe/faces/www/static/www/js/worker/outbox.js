// The outbox: what was done at a door is written down on the phone first, encrypted, and sent when there is a network.
// Every record carries a number made here, so that the server counts it once however often it arrives.

const vault = await import(new URL(document.querySelector("[data-vault]").dataset.vault, document.baseURI).href);
const STORE = "records";
// All that lies open on the phone: numbers and states, nothing of what was written down.
const OPEN = ["client_id", "owner", "turn", "created", "state", "visit"];
const KEPT_FOR = 48 * 3600 * 1000;
// A photo goes in pieces that a slow line carries within seconds; a broken one costs the last piece alone.
const PIECE = 128 * 1024;
const pieces = document.querySelector("[data-pieces]")?.dataset.pieces;
// How far photos have come, by their numbers: the server knows it, this is only to be looked at.
const carried = new Map();
const channel = "BroadcastChannel" in self ? new BroadcastChannel("wushe-outbox") : null;
const listeners = new Set();

channel?.addEventListener("message", ({ data }) => {
  if (data.id) carried.set(data.id, data.share);
  listeners.forEach((tell) => tell());
});

function changed(what = {}) {
  listeners.forEach((tell) => tell());
  channel?.postMessage(what);
}

// What share of a photo has arrived, from 0 to 1; undefined for what is not on its way.
export function progress(id) {
  return carried.get(id);
}

export function onChange(tell) {
  listeners.add(tell);
}

vault.onChange(() => listeners.forEach((tell) => tell()));

function open() {
  return new Promise((done, fail) => {
    const request = indexedDB.open("wushe-outbox", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "client_id" });
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
}

async function store(mode, work) {
  const database = await open();
  try {
    return await new Promise((done, fail) => {
      const transaction = database.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => done(request?.result);
      transaction.onerror = transaction.onabort = () => fail(transaction.error);
    });
  } finally {
    database.close();
  }
}

// While the phone is locked the rows have only what lies open.
export async function all(owner) {
  const rows = await store("readonly", (records) => records.getAll());
  const own = rows.filter((row) => row.owner === owner).sort((a, b) => (a.turn ?? 0) - (b.turn ?? 0) || a.created - b.created);
  return Promise.all(own.map(read));
}

async function read(row) {
  const { secret, ...rest } = row;
  if (!secret) return row;
  try {
    return { ...(await vault.open(secret)), ...rest };
  } catch (error) {
    if (error instanceof vault.Locked) return { ...rest, locked: true };
    throw error;
  }
}

async function packed(row) {
  const { photo, sealed, ...rest } = row;
  const kept = Object.fromEntries(OPEN.filter((name) => name in rest).map((name) => [name, rest[name]]));
  const secret = await vault.seal(Object.fromEntries(Object.entries(rest).filter(([name]) => !OPEN.includes(name))));
  return { ...kept, secret, sealed: photo ? await vault.sealPhoto(photo) : sealed };
}

export async function add(record) {
  await vault.need();
  const row = { client_id: crypto.randomUUID(), ...record, created: Date.now(), state: "waiting", message: "" };
  if (row.photo) row.photo = await smaller(row.photo, row.kind === "door_photo" ? 300 * 1024 : 3 * 1024 * 1024);
  const kept = await packed(row);
  await store("readwrite", (records) => putLast(records, kept));
  changed();
  flush(row.owner);
  return { ...row, turn: kept.turn };
}

// The clock of a phone may stand still or be set back, so what came after what is counted, not timed.
function putLast(records, row) {
  const read = records.getAll();
  read.onsuccess = () => {
    row.turn = 1 + read.result.reduce((last, one) => Math.max(last, one.turn ?? 0), 0);
    records.put(row);
  };
}

export async function update(row) {
  if (row.locked) throw new vault.Locked();
  const kept = await packed(row);
  await store("readwrite", (records) => records.put(kept));
  changed();
}

export async function remove(id) {
  await store("readwrite", (records) => records.delete(id));
  changed();
}

export async function retry(row) {
  await update({ ...row, state: "waiting", message: "" });
  await flush(row.owner);
}

// At sign-out nothing of anybody stays on the phone.
export const { supported, wipe, device, state: vaultState } = vault;

// One sender at a time, however many pages are open.
export async function flush(owner) {
  if (!navigator.onLine || (await vault.state()) !== "open") return;
  if (!navigator.locks) return send(owner);
  await navigator.locks.request("wushe-outbox", { ifAvailable: true }, (lock) => (lock ? send(owner) : undefined));
}

async function send(owner) {
  try {
    await sendAll(owner);
  } catch (error) {
    if (!(error instanceof vault.Locked)) throw error; // what was locked in between stays as it is
  }
}

async function sendAll(owner) {
  const held = new Set();
  let row;
  const tried = new Set();
  await sealOldRows();
  while ((row = (await all(owner)).find((one) => one.state === "waiting" && !tried.has(one.client_id) && !held.has(one.visit)))) {
    tried.add(row.client_id);
    const goesOn = await sendOne(row);
    if (goesOn === "stop") return;
    if (goesOn === "hold") held.add(row.visit);
  }
  for (const old of await all(owner)) if (old.state === "sent" && Date.now() - old.created > KEPT_FOR) await remove(old.client_id);
}

// What an earlier version of this page kept in the open.
async function sealOldRows() {
  for (const row of await store("readonly", (records) => records.getAll())) if (!row.secret) await update(row);
}

const SENT = ["kind", "client_id", "device_at", "longitude", "latitude", "accuracy", "note", "evidence_kind", "report", "turn"];

async function sendOne(row) {
  const body = new FormData();
  for (const name of SENT) if (row[name] !== undefined && row[name] !== null) body.append(name, row[name]);
  body.append("sent_at", new Date().toISOString());
  try {
    const photo = row.sealed && (await vault.openPhoto(row.sealed));
    const answer = (photo && (await attach(body, row, photo))) || (await post(row.url, body));
    return await take(row, answer);
  } catch (error) {
    if (error instanceof NoNetwork) return "stop"; // it stays as it is
    throw error;
  }
}

class NoNetwork extends Error {}

function ask(url, options = {}) {
  return fetch(url, { ...options, headers: { Accept: "application/json", "X-CSRFToken": token() } }).catch(() => {
    throw new NoNetwork();
  });
}

const post = (url, body) => ask(url, { method: "POST", body });

// Put the photo into its record, a large one in pieces before it. An answer is returned only if the server refuses.
async function attach(body, row, photo) {
  if (!pieces || photo.size <= PIECE) return void body.append("photo", photo, "photo.jpg");
  const refused = await carry(row, photo);
  if (refused) return refused;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await photo.arrayBuffer()));
  body.append("photo_size", photo.size);
  body.append("photo_digest", Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join(""));
}

async function carry(row, photo) {
  const url = pieces.replace("00000000-0000-0000-0000-000000000000", row.client_id);
  let answer = await ask(url);
  for (;;) {
    if (!answer.ok || answer.redirected) return answer;
    const { offset } = await answer.json().catch(() => {
      throw new NoNetwork(); // the line broke within the answer
    });
    carried.set(row.client_id, offset / photo.size);
    changed({ id: row.client_id, share: offset / photo.size });
    if (offset >= photo.size) return null;
    const body = new FormData();
    body.append("offset", offset);
    body.append("piece", photo.slice(offset, offset + PIECE), "piece");
    answer = await post(url, body);
  }
}

async function take(row, answer) {
  if (answer.redirected || answer.status === 403) {
    await update({ ...row, message: "登录已过期，请重新登录后自动上传" });
    return "stop";
  }
  if (answer.ok) {
    carried.delete(row.client_id);
    await update({ ...row, sealed: undefined, state: "sent", message: "" });
    return "next";
  }
  if (answer.status >= 500) return "stop";
  const said = await answer.json().catch(() => ({}));
  if (said.wipe) return (await wipe(), location.reload(), "stop");
  if (said.code === "PiecesMissing") return "stop"; // it goes on from where it is
  if (said.code === "NotSignedIn") return "hold"; // its sign-in comes first
  await update({ ...row, state: "trouble", message: said.message ?? "没有上传成功，请联系调度员" });
  return row.kind === "sign_in" && said.code !== "AlreadySignedIn" ? "hold" : "next";
}

export function token() {
  return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
}

// Photos of modern phones are larger than a slow network carries; what is seen in them stays. The proof of a visit is
// made smaller only if it must be, because its time and place stand in the file.
async function smaller(photo, enough) {
  if (photo.size < enough) return photo;
  try {
    const picture = await createImageBitmap(photo, { imageOrientation: "from-image" });
    const scale = Math.min(1, 1600 / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return await new Promise((done) => canvas.toBlob((blob) => done(blob ?? photo), "image/jpeg", 0.85));
  } catch {
    return photo; // the server says what is wrong with it
  }
}
