// The lock of the phone: asks for the number when something is to be kept or read, and covers the page while it is locked.

export default async function mount(dialog) {
  const vault = await import(new URL(dialog.dataset.vault, document.baseURI).href);
  if (!vault.supported()) return;
  const form = dialog.querySelector("form");
  const [first, second] = ["number", "again"].map((name) => form.elements[name]);
  const waiting = [];
  let setting = false;
  let leaving = false;

  const say = (words) => {
    const line = dialog.querySelector("[data-fault]");
    line.textContent = words;
    line.hidden = !words;
  };

  function ask(isNew) {
    setting = isNew;
    for (const part of dialog.querySelectorAll("[data-new]")) part.hidden = !isNew;
    for (const part of dialog.querySelectorAll("[data-known]")) part.hidden = isNew;
    say("");
    form.reset();
    if (!dialog.open) dialog.showModal();
    first.focus();
  }

  async function check() {
    const state = await vault.state();
    if (state === "locked") return dialog.open || ask(false);
    if (state === "open" && dialog.open) close();
    if (state === "none" && dialog.open && !setting) {
      close();
      leave();
    }
  }

  // Once: a second reload would break off the first.
  function leave() {
    if (!leaving) location.reload();
    leaving = true;
  }

  function close() {
    dialog.close();
    for (const { done } of waiting.splice(0)) done();
  }

  addEventListener("wushe-number", async (event) => {
    event.preventDefault();
    waiting.push(event.detail);
    const state = await vault.state();
    if (state === "open") return close();
    if (!dialog.open) ask(state === "none");
  });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    const number = first.value.trim();
    if (!/^\d{6}$/.test(number)) return say("请输入6位数字。");
    if (setting && /^(\d)\1+$|^123456$|^654321$/.test(number)) return say("这个密码太容易猜到，请换一个。");
    if (setting && number !== second.value.trim()) return say("两次输入的密码不一样。");
    const button = form.querySelector("[data-enter]");
    button.disabled = true;
    say("请稍等…");
    const left = setting ? (await vault.create(number), Infinity) : await vault.unlock(number);
    button.disabled = false;
    if (left === Infinity) return close();
    if (left === 0) return leave();
    say(`密码不对，还可以试${left}次。再试错，这部手机上没上传的记录会全部清除。`);
    first.value = "";
  });

  dialog.querySelector("[data-forgot]").addEventListener("click", async () => {
    if (!confirm("清除后，这部手机上没上传的记录会永久丢失，需要重新设密码。确定清除吗？")) return;
    await vault.wipe();
    leave();
  });
  dialog.addEventListener("cancel", (event) => {
    if (!setting) return event.preventDefault();
    for (const { fail } of waiting.splice(0)) fail(new vault.Locked());
  });

  let last = 0;
  const seen = () => {
    if (performance.now() - last < 5000) return;
    last = performance.now();
    vault.touch();
  };
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, seen, { passive: true });
  document.addEventListener("visibilitychange", check);
  addEventListener("pageshow", check);
  setInterval(check, 15_000);
  vault.onChange(check);
  await check();
}
