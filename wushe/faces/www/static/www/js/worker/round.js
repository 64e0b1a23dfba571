// The pages of today's visits are fetched ahead, so that they open at doors without a network.

export default async function mount() {
  if (!("serviceWorker" in navigator) || !navigator.onLine) return;
  await navigator.serviceWorker.ready;
  if (!navigator.serviceWorker.controller) return;
  const looks = [...document.querySelectorAll("link[rel~=stylesheet], link[rel=icon], script[src]")].map((part) => part.href || part.src);
  const icons = [...document.querySelectorAll("use")].map((use) => new URL(use.getAttribute("href"), location.href).href.split("#")[0]);
  const pages = [...document.querySelectorAll("[data-round] a, .phone-tabs a")].map((link) => link.href);
  try {
    for (const address of new Set([...looks, ...icons])) await fetch(address);
    for (const address of new Set(pages)) await fetch(address, { headers: { "X-Keep": "1" } });
  } catch {
    // The network has gone; what is kept is kept.
  }
}
