// A form at a door: conditions, limits and scores by the same rules as the server's (registers/forms/values.py), and its fields.

export const MISSING = "这一题要填。";
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const NUMBER = /^\s*-?\d{1,15}(\.\d{1,12})?\s*$/;

export function numberOf(value) {
  if (typeof value === "boolean") return Number(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  return typeof value === "string" && NUMBER.test(value) ? Number(value) : null;
}

export const truth = (value) => !(value === "" || value === null || value === undefined || value === 0 || value === false || (Array.isArray(value) && !value.length));
const text = (value) => (Array.isArray(value) ? value.filter((one) => typeof one !== "object").join(" ") : value === null || value === undefined ? "" : String(value));

export function workOut(tree, look, own, today) {
  const [kind, ...parts] = tree;
  const value = (part) => workOut(part, look, own, today);
  if (kind === "n" || kind === "s") return parts[0];
  if (kind === "ref") return look(parts[0]);
  if (kind === "self") return own;
  if (kind === "neg") return ((number) => (number === null ? "" : -number))(numberOf(value(parts[0])));
  if (kind === "op") return operate(parts[0], value(parts[1]), () => value(parts[2]));
  return call(parts[0], parts.slice(1).map(value), today);
}

function operate(sign, left, later) {
  if (sign === "and") return truth(left) && truth(later());
  if (sign === "or") return truth(left) || truth(later());
  const right = later();
  if (sign === "=" || sign === "!=") return equal(left, right) === (sign === "=");
  if (["<", "<=", ">", ">="].includes(sign)) return compare(sign, left, right);
  const [one, other] = [numberOf(left), numberOf(right)];
  if (one === null || other === null || ((sign === "div" || sign === "mod") && other === 0)) return "";
  return { "+": one + other, "-": one - other, "*": one * other, div: one / other, mod: one % other }[sign];
}

function equal(left, right) {
  if (typeof left === "boolean" || typeof right === "boolean") return truth(left) === truth(right);
  if (Array.isArray(left) || Array.isArray(right)) return text(left) === text(right);
  if (typeof left === "number" || typeof right === "number") {
    const [one, other] = [numberOf(left), numberOf(right)];
    return one !== null && one === other;
  }
  return left === right;
}

function compare(sign, left, right) {
  const days = typeof left === "string" && typeof right === "string" && DAY.test(left) && DAY.test(right);
  const [one, other] = days ? [left, right] : [numberOf(left), numberOf(right)];
  if (one === null || other === null) return false;
  return { "<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other }[sign];
}

function call(name, given, today) {
  const [first] = given;
  const chosen = () => (Array.isArray(first) ? first : String(first || "").split(/\s+/).filter(Boolean));
  const numbers = () => given.flat().map(numberOf).filter((number) => number !== null);
  const some = (work) => (numbers().length ? work(numbers()) : "");
  const calls = {
    true: () => true,
    false: () => false,
    today: () => today,
    not: () => !truth(first),
    if: () => (truth(first) ? given[1] : given[2]),
    coalesce: () => (first === "" || first === null || first === undefined || (Array.isArray(first) && !first.length) ? given[1] : first),
    selected: () => chosen().map(text).includes(text(given[1])),
    "count-selected": () => chosen().length,
    count: () => chosen().length,
    "string-length": () => [...text(first)].length,
    "years-since": () => years(first, today),
    sum: () => numbers().reduce((total, number) => total + number, 0),
    min: () => some((all) => Math.min(...all)),
    max: () => some((all) => Math.max(...all)),
    round: () => some((all) => Math.floor(all[0] + 0.5)),
    int: () => some((all) => Math.trunc(all[0])),
    number: () => some((all) => all[0]),
  };
  return calls[name]();
}

function years(value, today) {
  if (typeof value !== "string" || !DAY.test(value)) return "";
  return Number(today.slice(0, 4)) - Number(value.slice(0, 4)) - (today.slice(5) < value.slice(5) ? 1 : 0);
}

// Which questions stand open, what is missing or wrong, what counts: the same walk as on the server.
export function examine(questions, given, today) {
  const done = { answers: {}, faults: {}, open: new Set(), score: 0 };
  walk(questions, given ?? {}, { values: done.answers, lists: {} }, "", done, today);
  return done;
}

const look = (row) => (name) => {
  for (let at = row; at; at = at.above) for (const known of [at.values, at.lists]) if (Object.hasOwn(known, name)) return known[name];
  return "";
};

function walk(questions, given, row, path, done, today) {
  for (const question of questions) {
    const { name, kind } = question;
    if (question.relevant && !truth(workOut(question.relevant, look(row), "", today))) continue;
    done.open.add(path + name);
    if (kind === "group") walk(question.children, given, row, path, done, today);
    else if (kind === "repeat") repeat(question, given[name], row, path + name, done, today);
    else if (kind === "calculate") row.values[name] = workOut(question.calculation, look(row), "", today);
    else if (kind !== "note") answer(question, given[name], row, path + name, done, today);
  }
}

function repeat(question, given, row, path, done, today) {
  const rows = Array.isArray(given) ? given : [];
  if (question.required && !rows.length) done.faults[path] = MISSING;
  row.values[question.name] = rows.map((one, number) => {
    const values = { id: one.id };
    walk(question.children, one, { values, lists: {}, above: row }, `${path}[${number}].`, done, today);
    return values;
  });
  for (const child of question.children) row.lists[child.name] = row.values[question.name].filter((one) => child.name in one).map((one) => one[child.name]);
}

function answer(question, given, row, path, done, today) {
  const [value, wrong] = readAnswer(question, given);
  let fault = wrong;
  if (!fault && (value === "" || (Array.isArray(value) && !value.length))) {
    if (!question.required) return;
    fault = MISSING;
  }
  if (!fault && question.constraint && !truth(workOut(question.constraint, look(row), value, today))) fault = question.constraint_message || "填写的内容不符合要求。";
  if (fault) {
    done.faults[path] = fault;
    return;
  }
  row.values[question.name] = value;
  for (const choice of question.choices ?? []) if ([value].flat().includes(choice.code)) done.score += choice.score;
}

function readAnswer(question, given) {
  if (question.kind === "many" || question.kind === "photo") return [Array.isArray(given) ? given : [], ""];
  const words = String(given ?? "").trim();
  if (!words || ["text", "one", "date"].includes(question.kind)) return [words, words.length > 2000 ? "最多2000字。" : ""];
  const plain = words.replace(/[,，]/g, "");
  if (!/^-?\d*\.?\d+$|^-?\d+\.$/.test(plain)) return ["", "请填数字。"];
  if (question.kind === "integer" && plain.includes(".")) return ["", "请填整数。"];
  return [Number(plain), ""];
}

// Draw the fields of a form into a box. `answers` is filled as they are typed; `changed` is called after each change.
export function draw(box, questions, answers, { changed, today, takePhoto, prefix = "q" }) {
  const redraw = () => {
    const kept = document.activeElement?.id;
    box.replaceChildren(...fields(questions, answers, ""));
    show();
    if (kept) document.getElementById(kept)?.focus();
  };

  function show(faults = {}) {
    const { open } = examine(questions, answers, today);
    for (const field of box.querySelectorAll("[data-path]")) {
      field.hidden = !open.has(field.dataset.path);
      const line = field.querySelector(":scope > .field-error");
      if (line) {
        line.textContent = faults[field.dataset.path] ?? "";
        line.hidden = !line.textContent;
      }
      field.classList.toggle("has-error", Boolean(faults[field.dataset.path]));
    }
  }

  const note = (holder, name, value) => {
    holder[name] = value;
    show();
    changed();
  };

  function fields(list, holder, path) {
    return list.filter(({ kind }) => kind !== "calculate").map((question) => field(question, holder, path));
  }

  function field(question, holder, path) {
    const { kind, name } = question;
    const here = path + name;
    const id = `${prefix}-${here.replace(/[^\w-]/g, "-")}`;
    if (kind === "note") return part("p", { className: "hint", textContent: question.label, path: here });
    if (kind === "group") return whole(question, here, fields(question.children, holder, path));
    if (kind === "repeat") return repetition(question, holder, here);
    const label = question.label + (question.required ? "（必填）" : "");
    if (kind === "one" || kind === "many") return choices(question, holder, here, id, label);
    const box = part("div", { className: "field", path: here });
    box.append(part("label", { htmlFor: id, textContent: label }));
    if (question.hint) box.append(part("p", { className: "hint", textContent: question.hint, id: `${id}-hint` }));
    box.append(kind === "photo" ? camera(holder, name, id) : input(question, holder, id), error());
    return box;
  }

  function input({ kind, name, hint }, holder, id) {
    const types = { date: "date", integer: "text", decimal: "text" };
    const one = part(kind === "text" ? "textarea" : "input", { id });
    if (kind === "text") one.rows = 2;
    else one.type = types[kind];
    if (kind === "integer") one.inputMode = "numeric";
    if (kind === "decimal") one.inputMode = "decimal";
    if (hint) one.setAttribute("aria-describedby", `${id}-hint`);
    one.value = holder[name] ?? "";
    one.addEventListener("input", () => note(holder, name, one.value));
    return one;
  }

  function camera(holder, name, id) {
    const box = part("div", { className: "row-line" });
    const count = part("span", { className: "hint", textContent: `已拍${(holder[name] ?? []).length}张` });
    const one = part("input", { id, type: "file", accept: "image/jpeg,image/png,image/webp" });
    one.setAttribute("capture", "environment");
    one.addEventListener("change", async () => {
      if (!one.files[0]) return;
      const number = await takePhoto(one.files[0]);
      if (!number) return;
      note(holder, name, [...(holder[name] ?? []), number]);
      count.textContent = `已拍${holder[name].length}张`;
      one.value = "";
    });
    box.append(one, count);
    return box;
  }

  function choices(question, holder, here, id, label) {
    const several = question.kind === "many";
    const box = part("fieldset", { className: "field", path: here });
    box.append(part("legend", { textContent: label }));
    if (question.hint) box.append(part("p", { className: "hint", textContent: question.hint }));
    const list = part("div", { className: "choices" });
    for (const [number, choice] of question.choices.entries()) {
      const line = part("label", { className: "choice" });
      const one = part("input", { type: several ? "checkbox" : "radio", name: id, id: `${id}-${number}`, value: choice.code });
      one.checked = [holder[question.name] ?? []].flat().includes(choice.code);
      one.addEventListener("change", () => {
        const ticked = [...list.querySelectorAll("input:checked")].map((tick) => tick.value);
        note(holder, question.name, several ? ticked : (ticked[0] ?? ""));
      });
      line.append(one, part("span", { textContent: choice.label }));
      list.append(line);
    }
    box.append(list, error());
    return box;
  }

  function repetition(question, holder, here) {
    const rows = (holder[question.name] ??= []);
    const drawn = rows.map((row, number) => {
      const box = part("div", { className: "form-row" });
      const away = part("button", { type: "button", className: "btn btn-small", textContent: `去掉第${number + 1}条` });
      away.addEventListener("click", () => {
        rows.splice(number, 1);
        redraw();
        changed();
      });
      box.append(part("h4", { textContent: `第${number + 1}条` }), ...fields(question.children, row, `${here}[${number}].`), away);
      return box;
    });
    const more = part("button", { type: "button", className: "btn", textContent: `添加一条：${question.label}`, id: `${prefix}-more-${here.replace(/[^\w-]/g, "-")}` });
    more.addEventListener("click", () => {
      rows.push({ id: crypto.randomUUID() });
      redraw();
      changed();
    });
    return whole(question, here, [...drawn, more, error()]);
  }

  redraw();
  return show;
}

function whole(question, path, inside) {
  const box = part("section", { className: "form-part", path });
  box.append(part("h3", { textContent: question.label }), ...inside);
  return box;
}

function part(tag, { path, ...values }) {
  const made = Object.assign(document.createElement(tag), values);
  if (path) made.dataset.path = path;
  return made;
}

const error = () => Object.assign(part("p", { className: "field-error" }), { hidden: true });
