// The line at the head of each worker's page: is there a network, and what waits on this phone.


export default async function mount(line) {
  const outbox = await import(new URL(line.dataset.outbox, document.baseURI).href);
  const owner = line.dataset.owner;
  const show = (name, on, words) => {
    const part = line.querySelector(`[data-${name}]`);
    part.hidden = !on;
    if (words) part.querySelector("[data-count]").textContent = words;
  };

  async function refresh() {
    const rows = await outbox.all(owner);
    const waiting = rows.filter((row) => row.state === "waiting").length;
    const trouble = rows.filter((row) => row.state === "trouble").length;
    show("offline", !navigator.onLine);
    show("waiting", waiting > 0, `${waiting} 条记录等待上传`);
    show("trouble", trouble > 0, `${trouble} 条记录需要处理`);
    line.hidden = navigator.onLine && !waiting && !trouble;
  }

  // A phone that keeps something says so; one that is lost is told to wipe itself.
  async function tell(more = {}) {
    if (!navigator.onLine || !outbox.supported() || (await outbox.vaultState()) === "none") return;
    const body = new FormData();
    const key = await outbox.device();
    for (const [name, value] of Object.entries({ device: key, sent_at: new Date().toISOString(), ...more })) body.append(name, value);
    const headers = { Accept: "application/json", "X-CSRFToken": outbox.token() };
    const answer = await fetch(line.dataset.seen, { method: "POST", body, headers }).catch(() => null);
    const said = answer?.ok && !answer.redirected ? await answer.json() : {};
    if (!said.wipe) return;
    body.append("wiped", "1");
    await outbox.wipe();
    await fetch(line.dataset.seen, { method: "POST", body, headers }).catch(() => {});
    location.reload();
  }

  outbox.onChange(refresh);
  addEventListener("online", () => { refresh(); tell().then(() => outbox.flush(owner)); });
  addEventListener("offline", refresh);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) outbox.flush(owner); });
  setInterval(() => outbox.flush(owner), 30_000);
  await refresh();
  await tell();
  outbox.flush(owner);
  if ("serviceWorker" in navigator) navigator.serviceWorker.register(line.dataset.worker, { scope: new URL("./", new URL(line.dataset.worker, location.href)).pathname }).catch(() => {});
  // Ask for storage that the phone does not clear by itself.
  navigator.storage?.persist?.();
}
