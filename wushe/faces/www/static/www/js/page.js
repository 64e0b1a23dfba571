// What every page does: load the modules of its parts, dialogs, toasts, menus, one submit per press.

// A part names its own module in data-module; the module's default export receives the element, once.
async function mountParts(root) {
  for (const element of root.querySelectorAll("[data-module]:not([data-ready])")) {
    if ("ready" in element.dataset) continue; // another call came first while this one waited
    element.dataset.ready = "";
    try {
      const part = await import(new URL(element.dataset.module, document.baseURI).href);
      await part.default(element);
    } catch (error) {
      delete element.dataset.ready; // the plain version of the part stays in view
      console.error(error);
    }
  }
  // What only a script answers can be pressed once all parts stand: an earlier press would be lost without a word.
  for (const button of root.querySelectorAll("[data-with-script]")) button.disabled = false;
}

// <details data-confirm> becomes a dialog; without this script it simply unfolds.
function mountConfirms(root) {
  for (const details of root.querySelectorAll("[data-confirm]:not([data-mounted])")) {
    details.dataset.mounted = "";
    const form = details.querySelector("form");
    const heading = form.querySelector("h2");
    const dialog = document.createElement("dialog");
    dialog.setAttribute("aria-label", heading.textContent.trim());
    form.classList.remove("panel", "mt-2");
    const cancel = form.querySelector("[data-cancel]");
    cancel.hidden = false;
    cancel.autofocus = true;
    cancel.addEventListener("click", () => dialog.close());
    dialog.append(form);
    details.append(dialog);
    const opener = details.querySelector("summary");
    // Taken out of the folded content, or the dialog would stay folded with it.
    details.after(dialog);
    opener.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.showModal();
    });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
    });
  }
}

function mountToasts(root) {
  for (const toast of root.querySelectorAll("[data-toast]:not([data-mounted])")) {
    toast.dataset.mounted = "";
    toast.querySelector("[data-close]")?.addEventListener("click", () => toast.remove());
    toast.querySelector("form")?.addEventListener("submit", () => setTimeout(() => toast.remove(), 0));
    // Long enough to read and to reach for 撤销; it stays while somebody points at it or stands in it.
    let left = 12;
    const clock = setInterval(() => {
      if (!toast.isConnected) clearInterval(clock);
      else if (!toast.matches(":hover, :focus-within") && (left -= 1) <= 0) toast.remove();
    }, 1000);
  }
}

function mount(root) {
  mountConfirms(root);
  mountToasts(root);
  root.querySelector("[data-autofocus]")?.focus();
  return mountParts(root);
}

// A second press while the first is under way sends nothing; the server refuses doubles as well.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post") || form.hasAttribute("data-download")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-disabled", "true");
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
  }
});

// Menus close on Escape and on a press elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.activeElement?.closest("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

function say(words) {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.dataset.toast = "";
  const text = document.createElement("span");
  text.className = "toast-words";
  text.textContent = words;
  toast.append(text);
  const toasts = document.getElementById("toasts");
  toasts.append(toast);
  mountToasts(toasts);
}
document.addEventListener("htmx:sendError", () => say("网络断了，这次没有送到。请检查网络后再试。"));
document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  say(status === 403 ? "没有权限，或者页面放得太久，请刷新后再试。" : `没有办成（代码 ${status}），请刷新后再试。`);
});
document.addEventListener("htmx:load", (event) => mount(event.detail.elt.parentElement ?? event.detail.elt));

mount(document.body);
