"use strict";
// Shows the facts of a visit when it is chosen, and one person's way when a name is chosen.
const facts = JSON.parse(document.getElementById("facts").textContent);
const tell = document.getElementById("tell");
const map = document.querySelector("svg.map");

function line(list, term, text) {
  const dt = document.createElement("dt");
  const dd = document.createElement("dd");
  dt.textContent = term;
  dd.textContent = text;
  list.append(dt, dd);
}

function showVisit(id) {
  const fact = facts[id];
  if (!fact) return;
  tell.replaceChildren();
  const title = document.createElement("h2");
  title.textContent = fact.title;
  const list = document.createElement("dl");
  for (const [term, text] of fact.rows) line(list, term, text);
  tell.append(title, list);
  for (const text of fact.why) {
    const p = document.createElement("p");
    p.textContent = text;
    tell.append(p);
  }
  mark("[data-visit]", (node) => node.dataset.visit === id);
}

function showPerson(id) {
  const same = map && map.dataset.person === id;
  if (map) {
    map.dataset.person = same ? "" : id;
    map.classList.toggle("one", !same);
  }
  mark("[data-person]", (node) => !same && node.dataset.person === id);
}

function mark(selector, chosen) {
  for (const node of document.querySelectorAll(selector)) {
    if (node !== map) node.classList.toggle("on", chosen(node));
  }
}

document.addEventListener("click", (event) => {
  const visit = event.target.closest("[data-visit]");
  const name = event.target.closest("button.name");
  if (visit) showVisit(visit.dataset.visit);
  else if (name) showPerson(name.dataset.person);
});
