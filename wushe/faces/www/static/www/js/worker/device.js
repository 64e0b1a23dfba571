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

  outbox.onChange(refresh);
  addEventListener("online", () => { refresh(); outbox.flush(owner); });
  addEventListener("offline", refresh);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) outbox.flush(owner); });
  setInterval(() => outbox.flush(owner), 30_000);
  await refresh();
  outbox.flush(owner);
  if ("serviceWorker" in navigator) navigator.serviceWorker.register(line.dataset.worker, { scope: new URL("./", new URL(line.dataset.worker, location.href)).pathname }).catch(() => {});
  // Ask for storage that the phone does not clear by itself.
  navigator.storage?.persist?.();
}
