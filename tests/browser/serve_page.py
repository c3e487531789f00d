"""Works with a scoping session as people do, in Chromium, and prints what it saw as JSON.

Usage: serve_page.py URL TOGGLES [PICTURES]. TOGGLES times something is switched, and the page's own measure of how long
the numbers took is read: from the input to the first frame after they were written. With PICTURES, a folder, the page is
also photographed there.
"""

import json
import pathlib
import shutil
import sys
import time

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

PANELS = ["parties", "heat", "gaps", "effort", "compare", "graph"]
SIZES = {"1280": (1280, 900, "light"), "390": (390, 844, "light"), "dark": (1280, 900, "dark")}
# Longer than the page waits before it refreshes what may come a moment later.
STILL = 0.35


class Session:
    """One window. The page's content security policy forbids evaluating texts, so that questions go past it."""

    def __init__(self, browser, url, size, seen, past_policy=False):
        width, height, scheme = size
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, bypass_csp=past_policy, accept_downloads=True
        )
        self.page = self.context.new_page()
        self.page.on("console", lambda message: seen["errors"].append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: seen["errors"].append(str(error)))
        self.page.on("request", lambda request: self.note(request.url, url, seen))
        self.page.goto(url)
        self.page.wait_for_selector("html[data-ready=true]", state="attached", timeout=60_000)
        self.devtools = self.context.new_cdp_session(self.page)

    @staticmethod
    def note(address, url, seen):
        if not address.startswith((url, "blob:")):
            seen["outside"].append(address)

    def ask(self, expression):
        answer = self.devtools.send("Runtime.evaluate", {"expression": expression, "returnByValue": True})
        return answer["result"].get("value")

    def text(self, selector):
        return self.page.locator(selector).first.inner_text()

    def until(self, expression, seconds=20):
        end = time.monotonic() + seconds
        while not (answer := self.ask(expression)):
            if time.monotonic() > end:
                raise AssertionError(f"not within {seconds} s: {expression}")
            # Asking takes time of the page that is measured.
            time.sleep(0.02)
        return answer

    def open(self, panel):
        self.page.click(f"#tab-{panel}")
        time.sleep(STILL)
        self.page.wait_for_load_state("networkidle")


def switch(session, number):
    """Switches something: a third party, its method, its report, a category."""
    kinds = ["without", "inclusive", "assume_reports", "without"]
    if number % 5 == 4:
        session.page.locator("#categories input").nth(1 + number // 5 % 4).click()
        return
    boxes = session.page.locator(f"#parties input[data-list={kinds[number % 4]}]")
    boxes.nth(number % min(boxes.count(), 20)).click()


def round_of_toggles(session, count):
    session.ask("performance.clearMeasures('toggle')")
    for number in range(count):
        switch(session, number)
        session.until(f"performance.getEntriesByName('toggle').length === {number + 1}")
    return session.ask("performance.getEntriesByName('toggle').map((each) => each.duration)")


def at_95_percent(values):
    return sorted(values)[max(0, -(-len(values) * 95 // 100) - 1)]


def work(session, seen, downloads):
    """What a session is for: toggle, ask why, look at a cell, compare, save, open, start over."""
    page = session.page
    before = session.text("#hours")
    party = session.ask("document.querySelector('#parties input[data-list=without]').dataset.party")
    page.locator("#parties input[data-list=without]").first.press("Space")
    session.until(f"document.getElementById('hours').textContent !== {json.dumps(before)}")
    seen["after_toggle"] = session.text("#hours")
    seen["said"] = session.ask("document.getElementById('said').textContent")
    seen["summary"] = session.text("#summary")

    page.locator("#parties tbody .link").filter(has_text="Datadog").first.click()
    page.wait_for_selector("#details .evidence mark")
    seen["why"] = session.text("#details-body")
    seen["focus_in_details"] = session.ask("document.getElementById('details').contains(document.activeElement)")
    page.keyboard.press("Escape")
    seen["focus_comes_back"] = session.ask("document.activeElement.textContent")

    page.focus("#tab-parties")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("#heat .cell")
    seen["tab_by_arrow"] = session.ask("document.activeElement.id")
    seen["tab_stops_in_heat"] = session.ask("document.querySelectorAll('#heat .cell[tabindex=\"0\"]').length")
    page.locator("#heat .cell[tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    seen["cell"] = session.ask("document.activeElement.getAttribute('aria-label')")
    seen["colours"] = session.ask(
        "[...new Set([...document.querySelectorAll('#heat .cell')].map((cell) => getComputedStyle(cell).backgroundColor))].length")
    page.keyboard.press("Enter")
    page.wait_for_selector("#details .basis li")
    seen["obligation"] = session.text("#details-body")
    page.keyboard.press("Escape")

    session.open("gaps")
    seen["gaps"] = session.text("#gap-count")
    page.select_option("#gap-kind", "failing_evidence")
    session.until("!document.querySelector('#gaps .gap-no_report, #gaps .gap-no_evidence')")
    seen["failing"] = session.ask("document.querySelectorAll('#gaps .gap-failing_evidence').length")

    session.open("effort")
    page.wait_for_selector("#modes tbody th")
    seen["toggles"] = page.locator("#toggles tbody tr").count()
    seen["modes"] = page.locator("#modes tbody tr").count()

    with page.expect_download() as download:
        page.click("#save")
    file = pathlib.Path(downloads, download.value.suggested_filename)
    download.value.save_as(file)
    seen["saved"] = file.read_text(encoding="utf-8")
    seen["left_out"] = party

    page.click("#restart")
    session.until(f"document.getElementById('hours').textContent === {json.dumps(before)}")
    session.open("compare")
    page.set_input_files("#compare-file", file)
    page.wait_for_selector("#compared li")
    session.until("document.querySelector('#comparison table').rows[0].cells.length === 4")
    seen["compared"] = session.text("#comparison")
    page.set_input_files("#open-file", file)
    session.until(f"document.getElementById('hours').textContent === {json.dumps(seen['after_toggle'])}")
    broken = pathlib.Path(downloads, "broken.toml")
    broken.write_text("without = 1\n", encoding="utf-8")
    page.set_input_files("#open-file", broken)
    page.wait_for_selector(".notice.failed")
    seen["problem"] = session.text(".notice.failed")
    page.click(".notice.failed .dismiss")

    session.open("graph")
    frame = page.frame_locator("#graph iframe")
    frame.locator("html[data-ready=true]").wait_for(state="attached")
    seen["graph_nodes"] = frame.locator(".node").count()
    page.reload()
    page.wait_for_selector("html[data-ready=true]", state="attached")
    seen["after_reload"] = session.text("#hours")


def look(browser, url, seen, pictures):
    """Every panel at each size: accessible, and nothing wider than the window. Five hundred rows have the same markup as
    forty, and take the rules of accessibility ten times as long."""
    for name, size in SIZES.items():
        session = Session(browser, url, size, seen, past_policy=True)
        for panel in PANELS:
            session.open(panel)
            if pictures:
                session.page.screenshot(path=pathlib.Path(pictures, f"{name}-{panel}.png"))
            violations = Axe().run(session.page).response["violations"] if seen["parties"] < 100 else []
            seen["violations"] += [f"{name} {panel} {each['id']} ({each['impact']}): {each['nodes'][0]['html']}" for each in violations]
            seen["wider"] += [f"{name} {panel}"] if session.ask("document.documentElement.scrollWidth > innerWidth") else []
        session.page.emulate_media(media="print")
        seen["printed"] = session.ask(
            "['parties', 'heat', 'gaps', 'effort'].filter((id) => document.getElementById(`panel-${id}`).offsetHeight > 100)")
        if pictures:
            session.page.screenshot(path=pathlib.Path(pictures, f"{name}-print.png"), full_page=True)
        session.context.close()


def main() -> None:
    url, toggles = sys.argv[1], int(sys.argv[2])
    pictures = sys.argv[3] if len(sys.argv) > 3 else None
    programs = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    program = next(path for path in map(shutil.which, programs) if path)
    seen = {"errors": [], "outside": [], "violations": [], "wider": []}
    with sync_playwright() as playwright:
        # Chromium's own sandbox does not start for root, and in many containers.
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        session = Session(browser, url, SIZES["1280"], seen)
        seen["parties"] = session.ask("document.querySelectorAll('#parties tbody tr').length")
        # Whatever else runs on the machine is in the measure; the best round has least of it.
        rounds = [round_of_toggles(session, toggles) for _ in range(3)]
        seen["p95_ms"] = [at_95_percent(each) for each in rounds]
        seen["median_ms"] = [sorted(each)[len(each) // 2] for each in rounds]
        session.context.close()
        session = Session(browser, url, SIZES["1280"], seen)
        if not pictures:
            pathlib.Path("downloads").mkdir(exist_ok=True)
        work(session, seen, pictures or "downloads")
        errors = list(seen["errors"])
        session.context.close()
        look(browser, url, seen, pictures)
        # A file that is no scenario is answered with status 400, which the browser writes down as an error.
        seen["errors"] = [each for each in errors + seen["errors"][len(errors):] if "status of 400" not in each]
        browser.close()
    print(json.dumps(seen))


main()
