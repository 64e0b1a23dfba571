// The day board: rows are workers, blocks are visits. Arrows move, Enter opens, R reassigns, L locks, a drag names the new row.

const element = (tag, className, text) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text != null) made.textContent = text;
  return made;
};
const clock = (minutes) => `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

function icon(sprite, name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

class Board {
  constructor(root) {
    this.root = root;
    this.data = JSON.parse(root.querySelector("script[type='application/json']").textContent);
    this.sprite = root.dataset.icons;
    this.scroll = root.querySelector(".board-scroll");
    this.rows = [];
  }

  share(minutes) {
    const { start, end } = this.data;
    return `${((Math.min(Math.max(minutes, start), end) - start) / (end - start)) * 100}%`;
  }

  span(node, from, to) {
    node.style.left = this.share(from);
    node.style.width = `calc(${this.share(to)} - ${this.share(from)})`;
    return node;
  }

  draw() {
    const grid = element("div", "board-grid");
    grid.setAttribute("role", "grid");
    grid.setAttribute("aria-label", this.root.querySelector(".board-bar strong").textContent);
    const hours = (this.data.end - this.data.start) / 60;
    grid.style.minWidth = `calc(var(--board-who, 11rem) + ${hours} * var(--board-hour, 5rem))`;
    grid.append(this.drawHours());
    for (const row of this.data.rows) grid.append(this.drawRow(row));
    this.scroll.append(grid);
    this.rows.flat()[0]?.setAttribute("tabindex", "0");
    grid.addEventListener("keydown", (event) => this.key(event));
    grid.addEventListener("focusin", (event) => this.remember(event.target));
    if (this.data.reassign) this.allowDrag(grid);
    this.lockForm = document.getElementById(this.data.lock_form ?? "");
    this.showNow(grid);
    this.takeInHand();
  }

  drawHours() {
    const head = element("div", "board-hours");
    head.setAttribute("role", "row");
    const corner = element("div", "board-corner", "人员");
    corner.setAttribute("role", "columnheader");
    const scale = element("div", "board-scale");
    scale.setAttribute("role", "columnheader");
    scale.append(element("span", "visually-hidden", `${clock(this.data.start)} 到 ${clock(this.data.end)} 的服务`));
    for (let hour = Math.ceil(this.data.start / 60) * 60; hour < this.data.end; hour += 60) {
      const mark = element("span", "board-hour", clock(hour));
      mark.setAttribute("aria-hidden", "true");
      mark.style.left = this.share(hour);
      // The flag of the present moment would cover this hour's figure.
      if (hour + 30 > this.data.now && hour < this.data.now + 55) mark.textContent = "";
      scale.append(mark);
    }
    if (this.data.now != null) scale.append(this.drawNow());
    head.append(corner, scale);
    return head;
  }

  drawNow() {
    const now = element("div", "board-now");
    now.dataset.time = `现在 ${clock(this.data.now)}`;
    now.style.left = this.share(this.data.now);
    return now;
  }

  drawRow(row) {
    const line = element("div", `board-row${row.pool ? " is-pool" : ""}${row.away ? " is-away" : ""}`);
    line.setAttribute("role", "row");
    line.dataset.row = row.id;
    const who = element("div", "board-who");
    who.setAttribute("role", "rowheader");
    const name = element("b");
    if (row.pool) name.append(icon(this.sprite, "inbox"));
    if (row.away) name.append(icon(this.sprite, "user-x"));
    const words = row.url ? element("a", "", row.name) : element("span", "", row.name);
    if (row.url) words.href = row.url;
    name.append(words);
    who.append(name, element("small", "", row.note));
    line.append(who, this.drawLane(row));
    return line;
  }

  drawLane(row) {
    const lane = element("div", "board-lane");
    lane.setAttribute("role", "gridcell");
    for (let hour = Math.ceil(this.data.start / 60) * 60; hour < this.data.end; hour += 60) {
      const mark = element("div", "board-line");
      mark.style.left = this.share(hour);
      lane.append(mark);
    }
    for (const [from, to] of row.off ?? []) lane.append(this.span(element("div", "board-off"), from, to));
    const visits = [...row.visits].sort((a, b) => a.start - b.start);
    const blocks = this.stack(visits).map(([visit, level, levels]) => {
      if (visit.travel) lane.append(this.span(element("div", "board-travel"), visit.start - visit.travel, visit.start));
      return this.drawBlock(visit, row, level, levels);
    });
    const levels = Math.max(0, ...blocks.map((block) => Number(block.dataset.levels ?? 1)));
    if (levels > 1) lane.style.minHeight = `calc(${levels} * 2.9em)`;
    lane.append(...blocks);
    if (this.data.now != null) lane.append(this.drawNow());
    this.rows.push(blocks);
    return lane;
  }

  // Visits that overlap (the pool, a conflict) share the row's height instead of covering one another.
  stack(visits) {
    const ends = [];
    const placed = visits.map((visit) => {
      let level = ends.findIndex((end) => end <= visit.start);
      if (level < 0) level = ends.length;
      ends[level] = visit.end;
      return [visit, level];
    });
    return placed.map(([visit, level]) => [visit, level, ends.length]);
  }

  drawBlock(visit, row, level, levels) {
    const block = this.span(element("a", `block tone-${visit.tone}${visit.late ? " is-late" : ""}`), visit.start, visit.end);
    block.href = visit.url;
    block.tabIndex = -1;
    block.dataset.visit = visit.id;
    block.visit = visit;
    block.row = row;
    if (levels > 1) {
      block.style.top = `calc(${(level / levels) * 100}% + 2px)`;
      block.style.bottom = `calc(${((levels - level - 1) / levels) * 100}% + 2px)`;
      block.dataset.levels = levels;
    }
    const title = element("span", "block-title");
    title.append(icon(this.sprite, visit.late ? "alert-triangle" : visit.icon), element("span", "", visit.title));
    if (visit.fixed) title.append(icon(this.sprite, "pinned"));
    const ending = [`到 ${clock(visit.end)}`, visit.state, visit.late && "有迟到风险", visit.fixed && "时间不可改"].filter(Boolean);
    block.append(
      element("span", "visually-hidden", `${row.name}，`), title,
      element("span", "block-note", `${clock(visit.start)} ${visit.note ?? ""}`),
      element("span", "visually-hidden", `，${ending.join("，")}`),
    );
    block.title = [`${clock(visit.start)}–${clock(visit.end)}`, visit.title, visit.note, ...ending.slice(1)].filter(Boolean).join(" · ");
    return block;
  }

  showNow(grid) {
    if (this.data.now == null) return;
    requestAnimationFrame(() => {
      const room = grid.querySelector(".board-scale").clientWidth;
      const place = ((this.data.now - this.data.start) / (this.data.end - this.data.start)) * room;
      this.scroll.scrollLeft = Math.max(0, place - this.scroll.clientWidth / 3);
    });
  }

  remember(target) {
    if (!target.visit) return;
    for (const block of this.rows.flat()) block.tabIndex = block === target ? 0 : -1;
  }

  key(event) {
    const block = event.target;
    if (!block.visit || event.ctrlKey || event.metaKey || event.altKey) return;
    const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], Home: [0, -Infinity], End: [0, Infinity] };
    if (event.key in moves) {
      event.preventDefault();
      this.next(block, ...moves[event.key])?.focus();
    } else if (event.key.toLowerCase() === "r" && this.data.reassign && block.visit.reassign_url) {
      event.preventDefault();
      this.reassign(block.visit);
    } else if (event.key.toLowerCase() === "l" && this.lockForm && block.visit.lock_url) {
      event.preventDefault();
      this.lock(block.visit);
    }
  }

  next(block, down, along) {
    const at = this.rows.findIndex((blocks) => blocks.includes(block));
    if (along) {
      const place = this.rows[at].indexOf(block) + along;
      return this.rows[at][Math.min(Math.max(place, 0), this.rows[at].length - 1)];
    }
    const middle = (visit) => (visit.start + visit.end) / 2;
    for (let row = at + down; row >= 0 && row < this.rows.length; row += down) {
      const near = [...this.rows[row]].sort(
        (a, b) => Math.abs(middle(a.visit) - middle(block.visit)) - Math.abs(middle(b.visit) - middle(block.visit)),
      );
      if (near.length) return near[0];
    }
    return null;
  }

  // The page behind reassign_url shows the consequences and asks; nothing changes here.
  reassign(visit, to) {
    const address = new URL(visit.reassign_url, location.href);
    if (to) address.searchParams.set("to", to);
    location.assign(address);
  }

  // A plain form, so that the page comes back with what stands now and the same visit in hand.
  lock(visit) {
    const here = new URL(location.href);
    here.hash = `visit-${visit.id}`;
    this.lockForm.action = visit.lock_url;
    this.lockForm.elements.locked.value = visit.locked ? "0" : "1";
    this.lockForm.elements.next.value = here.pathname + here.search + here.hash;
    this.lockForm.requestSubmit();
  }

  takeInHand() {
    const id = location.hash.match(/^#visit-(\d+)$/)?.[1];
    const block = id && this.rows.flat().find((one) => String(one.visit.id) === id);
    if (!block) return;
    this.remember(block);
    block.focus();
    block.scrollIntoView({ block: "center" });
  }

  allowDrag(grid) {
    const mark = (line) => {
      for (const old of grid.querySelectorAll(".is-target")) if (old !== line) old.classList.remove("is-target");
      line?.classList.add("is-target");
    };
    let held = null;
    for (const block of this.rows.flat()) block.draggable = Boolean(block.visit.reassign_url);
    grid.addEventListener("dragstart", (event) => {
      held = event.target.closest(".block");
      held?.classList.add("is-dragged");
    });
    grid.addEventListener("dragover", (event) => {
      const line = event.target.closest(".board-row");
      const may = held && line && line.dataset.row !== String(held.row.id) && !line.classList.contains("is-away");
      if (may) event.preventDefault();
      mark(may ? line : null);
    });
    grid.addEventListener("drop", (event) => {
      event.preventDefault();
      const line = event.target.closest(".board-row");
      if (held && line) this.reassign(held.visit, line.dataset.row);
    });
    grid.addEventListener("dragend", () => {
      held?.classList.remove("is-dragged");
      held = null;
      mark(null);
    });
  }
}

export default function mount(root) {
  new Board(root).draw();
}
