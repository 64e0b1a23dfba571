"""What is measured on a page: axe, overflow, size of text and of targets."""

from pathlib import Path

from playwright.sync_api import Page

AXE = next((Path(__file__).parent / "vendor").glob("axe-core-*/axe.min.js")).read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CONTROLS = "a, button, input:not([type=hidden]), select, textarea, summary"
POINTS_18 = 24  # 18 pt in CSS pixels

_SMALL_TEXT = """least => [...document.querySelectorAll('body *')].filter(e => e.checkVisibility()
  && !e.closest('svg, script, canvas, .visually-hidden')
  && [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) && parseFloat(getComputedStyle(e).fontSize) < least)
  .map(e => e.outerHTML.slice(0, 120))"""
_SMALL_TARGETS = """([controls, least]) => [...document.querySelectorAll(controls)].filter(e => {
  const box = (e.closest('label') ?? e).getBoundingClientRect();
  const inSentence = e.tagName === 'A' && getComputedStyle(e).display === 'inline';
  return box.height && e.checkVisibility() && !inSentence && !e.matches('.skip, .visually-hidden') && box.height < least;
}).map(e => e.outerHTML.slice(0, 120))"""


def settle_down(page: Page) -> None:
    """Let the modules of the page and their drawings finish."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 80)))")


def violations(page: Page) -> list[str]:
    """Return what axe finds."""
    if not page.evaluate("typeof axe === 'object'"):
        session = page.context.new_cdp_session(page)
        session.send("Runtime.evaluate", {"expression": AXE})
        session.detach()
    found = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES)[
        "violations"
    ]
    return [f"{v['id']}: {n['html'][:160]}" for v in found for n in v["nodes"]]


def overflow(page: Page) -> list[str]:
    """Return by how much the page is wider than the screen, and the widest part."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if not wide:
        return []
    part = page.evaluate(
        """() => [...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
        .map(e => e.outerHTML.slice(0, 120))[0] ?? ''"""
    )
    return [f"{wide}px too wide: {part}"]


def small_text(page: Page, least: int = POINTS_18) -> list[str]:
    """Return the elements whose text is smaller than this."""
    return [f"small text: {html}" for html in page.evaluate(_SMALL_TEXT, least)]


def small_targets(page: Page, least: int) -> list[str]:
    """Return the controls lower than this; a box or radio counts with its label, a link in a sentence is free (WCAG 2.5.8)."""
    return [f"small target: {html}" for html in page.evaluate(_SMALL_TARGETS, [CONTROLS, least])]
