// Everything that this phone has written down and what became of it: 待上传, 已上传, 需处理.

const WORDS = { sign_in: "签到", sign_out: "签退", arrival: "到达照片", service: "服务照片", finish: "完成照片", signature: "签字", door: "走访记录", door_photo: "走访照片" };
const STATES = { waiting: "待上传", sent: "已上传", trouble: "需处理" };
const LOOKS = { waiting: "wait", sent: "done", trouble: "stop" };

export default async function mount(panel) {
  const outbox = await import(new URL(panel.dataset.outbox, document.baseURI).href);
  const owner = document.querySelector("[data-owner]").dataset.owner;
  const list = panel.querySelector("[data-list]");
  const send = panel.querySelector("[data-send]");

  function line(row) {
    const item = document.createElement("li");
    const left = document.createElement("span");
    const title = document.createElement("strong");
    title.textContent = WORDS[row.evidence_kind || row.kind];
    const small = document.createElement("small");
    small.textContent = `${row.label} · ${new Date(row.device_at).toLocaleString("zh-CN", { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" })}`;
    left.append(title, small);
    if (row.message) {
      const why = document.createElement("small");
      why.className = "is-why";
      why.textContent = row.message;
      left.append(why);
    }
    const right = document.createElement("span");
    const badge = document.createElement("span");
    badge.className = `badge tone-${LOOKS[row.state]}`;
    badge.textContent = STATES[row.state];
    right.append(badge);
    const share = row.state === "waiting" ? outbox.progress(row.client_id) : undefined;
    if (share !== undefined) right.append(bar(share));
    if (row.state === "trouble") {
      const again = document.createElement("button");
      again.type = "button";
      again.className = "btn btn-small";
      again.textContent = "再试一次";
      again.addEventListener("click", () => outbox.retry(row));
      right.append(again, away(row));
    }
    item.append(left, right);
    return item;
  }

  // How far a photo has come: it goes on from there when the line comes back.
  function bar(share) {
    const said = document.createElement("small");
    const part = document.createElement("progress");
    part.max = 100;
    part.value = Math.floor(share * 100);
    part.setAttribute("aria-label", "已传");
    said.append(part, ` 已传${part.value}%`);
    return said;
  }

  // What the server will never take can be put away, by a person who has read why.
  function away(row) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-small";
    button.textContent = "不要了";
    button.addEventListener("click", () => confirm("这条记录还没有上传，删掉就找不回来了。确定删掉吗？") && outbox.remove(row.client_id));
    return button;
  }

  async function refresh() {
    const rows = (await outbox.all(owner)).filter((row) => !row.locked);
    list.replaceChildren(...rows.reverse().map(line));
    panel.querySelector("[data-empty]").hidden = rows.some((row) => row.state !== "sent");
    send.hidden = !rows.some((row) => row.state === "waiting");
  }

  send.addEventListener("click", () => outbox.flush(owner));
  outbox.onChange(refresh);
  await refresh();
}
