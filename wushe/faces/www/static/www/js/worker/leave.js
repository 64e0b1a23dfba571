// Signing out wipes this phone; who still has something to send is asked first.

export default async function mount(form) {
  const outbox = await import(new URL(form.dataset.outbox, document.baseURI).href);
  const owner = document.querySelector("[data-owner]").dataset.owner;
  for (const leaving of document.querySelectorAll(`form[action="${form.getAttribute("action")}"]`)) {
    leaving.addEventListener("submit", async (event) => {
      if (leaving.dataset.wiped) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const unsent = (await outbox.all(owner)).filter((row) => row.state !== "sent").length;
      if (unsent && !confirm(`还有 ${unsent} 条记录没有上传，退出后会永久丢失。确定退出吗？`)) return;
      await outbox.wipe();
      leaving.dataset.wiped = "1";
      leaving.submit();
    }, true);
  }
}
