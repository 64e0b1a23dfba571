// One visit at the door: sign in with a position, photos, signature, sign out. All of it goes through the outbox.

const STATES = { waiting: "待上传", sent: "已上传", trouble: "需处理" };

export default async function mount(visit) {
  const outbox = await import(new URL(visit.dataset.outbox, document.baseURI).href);
  const { owner, label, record: url } = visit.dataset;
  const steps = Object.fromEntries([...visit.querySelectorAll("[data-step]")].map((step) => [step.dataset.step, step]));
  const note = (kind, more = {}) => outbox.add({ owner, visit: visit.dataset.visit, label, url, kind, device_at: new Date().toISOString(), ...more });
  if (!outbox.supported()) return; // without encryption nothing is kept here: the forms send by themselves
  for (const plain of visit.querySelectorAll("[data-plain]")) plain.hidden = true;

  signIn();
  photos();
  signature();
  signOut();
  outbox.onChange(refresh);
  await refresh();
  setInterval(tick, 1000);

  function signIn() {
    const form = visit.querySelector("[data-sign-in]");
    form?.addEventListener("submit", async (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      const button = form.querySelector("button");
      if (button.disabled) return;
      button.disabled = true;
      form.querySelector("[data-place]").textContent = "正在定位…";
      await note("sign_in", await position()).catch(() => (button.disabled = false));
    }, true);
  }

  function photos() {
    for (const form of visit.querySelectorAll("[data-photo]")) {
      const input = form.querySelector("input[type=file]");
      input.addEventListener("change", async () => {
        const photo = input.files[0];
        if (!photo) return;
        try {
          await note("evidence", { evidence_kind: form.dataset.photo, photo });
        } catch {
          return;
        }
        preview(form, photo);
        form.reset();
      });
    }
  }

  function preview(form, photo) {
    const picture = new Image();
    picture.alt = "刚拍的照片";
    picture.src = URL.createObjectURL(photo);
    form.closest("[data-step]").querySelector(".shots").append(picture);
  }

  function signature() {
    const part = visit.querySelector("[data-signature]");
    if (!part) return;
    part.hidden = false;
    const canvas = part.querySelector("canvas");
    const pen = canvas.getContext("2d");
    let strokes = 0;
    const clear = () => {
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      strokes = 0;
    };
    const at = (event) => {
      const box = canvas.getBoundingClientRect();
      return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
    };
    clear();
    Object.assign(pen, { lineWidth: 5, lineCap: "round", lineJoin: "round", strokeStyle: "#17302c" });
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      pen.beginPath();
      pen.moveTo(...at(event));
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!canvas.hasPointerCapture(event.pointerId)) return;
      pen.lineTo(...at(event));
      pen.stroke();
      strokes += 1;
    });
    part.querySelector("[data-clear]").addEventListener("click", clear);
    part.querySelector("[data-keep]").addEventListener("click", () => {
      if (strokes < 5) return say(steps.signature, "请先在框里签名。");
      canvas.toBlob(async (photo) => {
        await note("evidence", { evidence_kind: "signature", photo }).then(() => (part.hidden = true), () => {});
      }, "image/png");
    });
  }

  function signOut() {
    const form = visit.querySelector("[data-sign-out]");
    form?.addEventListener("submit", async (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      const missing = [...visit.querySelectorAll("[data-step]:not(.is-done) h2")].map((title) => title.textContent).filter((title) => title !== "签退");
      const box = form.querySelector("[data-missing]");
      if (missing.length && box.hidden) {
        box.textContent = `还缺：${missing.join("、")}。补齐再签退更好；确实补不了，再按一次签退。`;
        box.hidden = false;
        return;
      }
      const button = form.querySelector("button:last-of-type");
      if (button.disabled) return;
      button.disabled = true;
      await note("sign_out", { ...(await position()), note: form.elements.note.value }).catch(() => (button.disabled = false));
    }, true);
  }

  async function refresh() {
    const rows = (await outbox.all(owner)).filter((row) => row.visit === visit.dataset.visit);
    for (const row of rows) {
      const step = steps[row.evidence_kind || row.kind];
      if (!step) continue;
      if (row.state !== "trouble") step.classList.add("is-done");
      step.classList.remove("is-ahead");
      say(step, `${new Date(row.device_at).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" })} ${STATES[row.state]}${row.message ? `：${row.message}` : ""}`, row.state);
    }
    const start = rows.find((row) => row.kind === "sign_in" && row.state !== "trouble");
    const end = rows.find((row) => row.kind === "sign_out" && row.state !== "trouble");
    if (start) {
      visit.dataset.started ||= start.device_at;
      visit.querySelector("[data-sign-in]")?.setAttribute("hidden", "");
      for (const step of Object.values(steps)) step.classList.remove("is-ahead");
    }
    if (end) {
      visit.dataset.over = "1";
      visit.querySelector("[data-sign-out]")?.setAttribute("hidden", "");
      // All has arrived: the page of the server says the same, and more.
      if (visit.dataset.phase !== "over" && rows.every((row) => row.state === "sent") && navigator.onLine) location.reload();
    }
    if (rows.some((row) => row.evidence_kind === "signature" && row.state !== "trouble")) visit.querySelector("[data-signature]")?.setAttribute("hidden", "");
    tick();
  }

  function tick() {
    const timer = visit.querySelector("[data-timer]");
    if (!timer || !visit.dataset.started || visit.dataset.over) return timer && (timer.hidden = true);
    const seconds = Math.max(0, Math.floor((Date.now() - new Date(visit.dataset.started)) / 1000));
    const two = (number) => String(number).padStart(2, "0");
    const left = Number(visit.dataset.minutes) - Math.floor(seconds / 60);
    timer.hidden = false;
    timer.textContent = `已服务 ${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}${left > 0 ? `，还差 ${left} 分钟` : "，时间已够"}`;
    timer.classList.toggle("is-enough", left <= 0);
  }
}

function say(step, words, state = "") {
  const line = step.querySelector("[data-local]");
  line.hidden = false;
  line.textContent = words;
  line.dataset.state = state;
}

// Where the phone is; without an answer in time the record goes without a place, and is looked at later.
function position() {
  return new Promise((done) => {
    if (!navigator.geolocation) return done({});
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => done({ longitude: coords.longitude, latitude: coords.latitude, accuracy: Math.round(coords.accuracy) }),
      () => done({}),
      { enableHighAccuracy: true, timeout: 8000, maximumAge: 15_000 },
    );
  });
}
