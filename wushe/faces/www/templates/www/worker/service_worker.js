{% load static ui %}// Keeps the worker's pages and their looks on the phone, so that a round goes on without a network.
// Nothing but pages that were opened is kept, and all of it goes at sign-out.
const PARTS = [
{% for name in parts %}  "{% static name %}",
{% endfor %}];
const LOOKS = "wushe-looks-1";
const PAGES = "wushe-pages";
const OFFLINE = "{% url 'worker:offline' %}";
const HOME = "{% url 'worker:home' %}";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(LOOKS).then((cache) => cache.addAll([OFFLINE, ...PARTS])).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("wushe-looks-") && name !== LOOKS) await caches.delete(name);
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (address.pathname.includes("/static/")) event.respondWith(fromCacheFirst(request));
  else if (address.pathname.startsWith(HOME) && isPage(request, address)) event.respondWith(fromNetworkFirst(request));
});

function isPage(request, address) {
  return request.mode === "navigate" || request.headers.get("X-Keep") === "1" || /\/evidence\/\d+\/$/.test(address.pathname);
}

// Hashed files never change: what was loaded once is good for ever.
async function fromCacheFirst(request) {
  const cache = await caches.open(LOOKS);
  const kept = await cache.match(request, { ignoreVary: true });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) cache.put(request, answer.clone());
  return answer;
}

async function fromNetworkFirst(request) {
  const cache = await caches.open(PAGES);
  try {
    const answer = await within(6000, fetch(request));
    // A page that was redirected is the sign-in page: it must not stand in the place of a visit.
    if (answer.ok && !answer.redirected) cache.put(request.url, answer.clone());
    return answer;
  } catch {
    return (await cache.match(request.url)) ?? (await caches.match(OFFLINE)) ?? Response.error();
  }
}

function within(milliseconds, promise) {
  return Promise.race([promise, new Promise((_, fail) => setTimeout(() => fail(new Error("slow")), milliseconds))]);
}
