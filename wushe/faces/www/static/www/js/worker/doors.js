// Knocking at doors with a phone: the list of one's own doors, the form, drafts. Works a whole day without a network:
// the list is taken along once, encrypted, and every record goes through the outbox.

const STATES = { waiting: "待走访", again: "要再去", reached: "已走访", not_reached: "走访不到" };
const LOOKS = { waiting: "wait", again: "check", reached: "done", not_reached: "rest" };
const OUTCOMES = [["reached", "见到人了"], ["nobody", "没人在家"], ["not_reached", "走访不到，写原因"]];

export default async function mount(page) {
  const load = (name) => import(new URL(page.dataset[name], document.baseURI).href);
  const [outbox, vault, forms] = await Promise.all([load("outbox"), load("vault"), load("forms")]);
  const owner = document.querySelector("[data-owner]").dataset.owner;
  const list = page.querySelector("[data-list]");
  const sheet = page.querySelector("[data-sheet]");
  const status = page.querySelector("[data-status]");
  const aside = [list, ...page.querySelectorAll("[data-tools], [data-take], [data-status]")];
  let packet = null;

  if (!vault.supported()) return (status.textContent = "这个浏览器不能加密保存资料。请用 https 打开，或换一个较新的浏览器。");
  page.querySelector("[data-take]").addEventListener("click", take);
  page.querySelector("[data-find]").addEventListener("input", showList);
  page.querySelector("[data-show]").addEventListener("change", showList);
  outbox.onChange(showList);
  vault.onChange(start);
  await start();

  async function start() {
    if ((await vault.state()) !== "open") {
      packet = null;
      list.replaceChildren();
      sheet.replaceChildren();
      page.querySelector("[data-set]").hidden = (await vault.state()) === "locked";
      return;
    }
    page.querySelector("[data-set]").hidden = true;
    if (packet) return;
    packet = await kept("packet");
    if (navigator.onLine) await take();
    else await showList();
  }

  async function take() {
    try {
      await vault.need();
    } catch {
      return;
    }
    await outbox.flush(owner);
    try {
      const body = new FormData();
      body.append("device", await vault.device());
      const answer = await fetch(page.dataset.packet, { method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": outbox.token() } });
      if (answer.redirected || answer.status === 403) status.textContent = "登录已过期，请重新登录。";
      else if (answer.ok) {
        const found = await answer.json();
        if (found.wipe) return (await vault.wipe(), location.reload());
        await keep("packet", (packet = { ...found, device: await vault.device() }));
        status.textContent = `名单已更新：${new Date(found.at).toLocaleString("zh-CN", { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" })}`;
      }
    } catch {
      status.textContent = packet ? "没有网络，用的是手机里存好的名单。" : "没有网络，手机里还没有名单。有网时先更新一次。";
    }
    await showList();
  }

  async function showList() {
    const rows = packet ? await outbox.all(owner) : [];
    if (!packet) return; // also if the phone was locked meanwhile
    const words = page.querySelector("[data-find]").value.trim();
    const wanted = page.querySelector("[data-show]").value;
    const shown = packet.targets.filter((target) => {
      const fits = !words || `${target.building}${target.address}${target.people.map((one) => one.name).join("")}`.includes(words);
      const open = (localState(target, rows) ?? target.state) === "waiting" || (localState(target, rows) ?? target.state) === "again";
      return fits && (wanted === "all" || (wanted === "open" ? open : target.state === "again"));
    });
    page.querySelector("[data-tools]").hidden = !sheet.hidden;
    page.querySelector("[data-none]").hidden = shown.length > 0;
    list.replaceChildren(...shown.map((target) => card(target, rows)));
  }

  function localState(target, rows) {
    const own = rows.filter((row) => row.visit === `door-${target.id}` && row.kind === "door");
    return own.at(-1)?.outcome && { reached: "reached", nobody: "again", not_reached: "not_reached" }[own.at(-1).outcome];
  }

  function card(target, rows) {
    const made = page.querySelector("template[data-card]").content.cloneNode(true).firstElementChild;
    const set = (name, text) => (made.querySelector(`[data-${name}]`).textContent = text);
    const unsent = rows.some((row) => row.visit === `door-${target.id}` && row.state === "waiting");
    const trouble = rows.find((row) => row.visit === `door-${target.id}` && row.state === "trouble");
    const state = localState(target, rows) ?? target.state;
    set("turn", target.turn);
    set("where", target.address || target.building);
    set("who", target.people.map((one) => one.name).join("、") || "未登记人员");
    const badge = made.querySelector("[data-badge]");
    badge.className = `badge tone-${trouble || target.conflict ? "stop" : unsent ? "wait" : LOOKS[state]}`;
    badge.textContent = trouble ? "需处理" : target.conflict ? "两份记录不同" : unsent ? `${STATES[state]}，待上传` : STATES[state];
    made.querySelector("button").addEventListener("click", () => open(target));
    return made;
  }

  async function open(target) {
    const draft = (await kept(`draft-${target.id}`)) ?? { outcome: "reached", person: target.people[0]?.id ?? "", answers: {} };
    const made = page.querySelector("template[data-form]").content.cloneNode(true);
    sheet.replaceChildren(made);
    const form = sheet.querySelector("form");
    const save = () => keep(`draft-${target.id}`, draft);
    form.querySelector("[data-where]").textContent = target.address || target.building;
    choose(form, "outcome", OUTCOMES, draft, () => (reveal(), save()));
    choose(form, "person", [["", "没有选"], ...target.people.map((one) => [String(one.id), one.name])], draft, save);
    choose(form, "reason", packet.reasons, draft, save);
    const day = form.elements.revisit_on;
    day.value = draft.revisit_on ?? "";
    day.addEventListener("input", () => ((draft.revisit_on = day.value), save()));
    const version = packet.versions[target.version];
    const show = forms.draw(form.querySelector("[data-questions]"), version.questions, draft.answers, {
      changed: save, today: localDay(), takePhoto: (photo) => takePhoto(target, photo),
    });
    const reveal = () => {
      for (const part of form.querySelectorAll("[data-for]")) part.hidden = part.dataset.for !== draft.outcome;
    };
    reveal();
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      await hand(target, draft, version, form, show);
    }, true);
    form.querySelector("[data-back]").addEventListener("click", back);
    for (const part of aside) part.hidden = true;
    sheet.hidden = false;
    scrollTo(0, 0);
    sheet.querySelector("h2").focus();
  }

  async function hand(target, draft, version, form, show) {
    const fault = form.querySelector("[data-fault]");
    const done = draft.outcome === "reached" ? forms.examine(version.questions, draft.answers, localDay()) : { faults: {}, answers: {} };
    show(done.faults);
    const count = Object.keys(done.faults).length;
    fault.textContent = count ? `还有${count}题要填或要改，已标在题目下面。` : draft.outcome === "not_reached" && !draft.reason ? "请选择走访不到的原因。" : "";
    fault.hidden = !fault.textContent;
    if (fault.textContent) return form.querySelector(".has-error")?.scrollIntoView({ block: "center" });
    const client_id = crypto.randomUUID();
    const own = await kept(`last-${target.id}`);
    const report = {
      outcome: draft.outcome, reason: draft.outcome === "not_reached" ? draft.reason : "", person_id: draft.person ? Number(draft.person) : null,
      revisit_on: draft.outcome === "nobody" ? draft.revisit_on || null : null, version_id: target.version, answers: draft.outcome === "reached" ? done.answers : {},
      device: await vault.device(), after: [...new Set([...target.heads, ...(own ? [own] : [])])],
    };
    await outbox.add({
      client_id, owner, visit: `door-${target.id}`, kind: "door", outcome: draft.outcome, url: target.report, label: target.address || target.building,
      device_at: new Date().toISOString(), report: JSON.stringify(report),
    });
    await keep(`last-${target.id}`, client_id);
    await forget(`draft-${target.id}`);
    back();
  }

  async function takePhoto(target, photo) {
    try {
      const row = await outbox.add({ owner, visit: `door-${target.id}`, kind: "door_photo", url: target.photo, label: target.address || target.building, device_at: new Date().toISOString(), photo });
      return row.client_id;
    } catch {
      return null;
    }
  }

  function back() {
    sheet.hidden = true;
    sheet.replaceChildren();
    for (const part of aside) part.hidden = false;
    showList();
  }

  function choose(form, name, choices, draft, changed) {
    const field = form.elements[name];
    field.replaceChildren(...choices.map(([code, words]) => new Option(words, code)));
    field.value = String(draft[name] ?? choices[0]?.[0] ?? "");
    draft[name] = field.value;
    field.addEventListener("change", () => {
      draft[name] = field.value;
      changed();
    });
  }

  function plain(id) {
    return store("readonly", (rows) => rows.get(id));
  }

  async function kept(id) {
    const row = await plain(id);
    return row ? vault.open(row.secret) : null;
  }

  async function keep(id, value) {
    const secret = await vault.seal(value);
    await store("readwrite", (rows) => rows.put({ id, secret }));
  }

  function forget(id) {
    return store("readwrite", (rows) => rows.delete(id));
  }
}

const localDay = () => new Date(Date.now() + 8 * 3600 * 1000).toISOString().slice(0, 10);

async function store(mode, work) {
  const database = await new Promise((done, fail) => {
    const request = indexedDB.open("wushe-doors", 1);
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
