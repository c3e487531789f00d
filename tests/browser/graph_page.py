"""Looks at an exported graph page as a person does, in Chromium, and prints what it saw as JSON.

Usage: graph_page.py PAGE [PARTIES [PICTURE]]. With PARTIES, so many made-up parties are put into the page's data first,
some of them with names that try to break out of it.
"""

import json
import pathlib
import re
import shutil
import sys
import tempfile

from playwright.sync_api import sync_playwright

HOSTILE = "\"><img src=x onerror=\"document.title='broken'\"></script><script>document.title='broken'</script>"
STRENGTHS = ["can_admin", "can_read_data", "sends_data_to", "can_read_config", "identity", "hosting", "contact"]
DATA = re.compile(r'(<script type="application/json" id="graph">)(.*?)(</script>)', re.DOTALL)


def with_parties(page: str, parties: int) -> str:
    """The page with `parties` made-up parties: four fifths direct, the others behind them."""
    data = json.loads(DATA.search(page).group(2))
    scopes = [node for node in data["nodes"] if node["kind"] == "scope"][:12]
    data["nodes"] = [node for node in data["nodes"] if node["kind"] == "organization"] + scopes
    data["edges"], data["parties"], data["reports"], data["evidence"] = [], [], [], []
    direct = parties * 4 // 5
    for number in range(parties):
        party_id, is_direct = f"made-up-{number:04}", number < direct
        name = HOSTILE if number % 50 == 0 else f"Made-up Vendor {number}"
        via = f"made-up-{number % direct:04}"
        strength = STRENGTHS[number % len(STRENGTHS)] if is_direct else None
        data["nodes"].append(
            {"node_id": f"party:{party_id}", "kind": "third_party", "label": name, "party_id": party_id, "scope_id": None}
        )
        data["parties"].append({
            "party_id": party_id, "name": name, "domain": f"v{number}.example", "category": "made_up",
            "origin": "directory", "in_register": number % 3 == 0, "strength": strength, "depth": 1 if is_direct else 2,
            "via": None if is_direct else via, "path": [party_id] if is_direct else [via, party_id],
            "direct_dependents": 0, "total_dependents": number % 5, "scopes": 1, "resources": number % 97 + 1,
            "dominates": 0, "is_cut_vertex": False, "centrality": 0.0,
            "report": ["current", "stale", None][number % 3], "evidence_total": 1 if is_direct else 0,
        })
        source = scopes[number % len(scopes)]["node_id"] if is_direct else f"party:{via}"
        data["edges"].append({
            "from_id": source, "to_id": f"party:{party_id}", "relation": "reads_data" if is_direct else "subservice_of",
            "strength": strength, "evidence_count": 1, "confidence": 0.5,
        })
        if is_direct:
            data["evidence"].append({
                "party_id": party_id, "scope": source, "resource_key": f"key-{number}", "signal": "made_up",
                "relation": "reads_data", "strength": strength, "status": "live", "path": "A.B", "value": HOSTILE,
            })
    text = json.dumps(data).replace("<", "\\u003c")
    return DATA.sub(lambda match: match.group(1) + text + match.group(3), page)


def main() -> None:
    page_text = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
    if len(sys.argv) > 2 and int(sys.argv[2]):
        page_text = with_parties(page_text, int(sys.argv[2]))
    programs = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    program = next(path for path in map(shutil.which, programs) if path)
    seen = {"errors": [], "requests": []}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = pathlib.Path(folder, "page.html")
        file.write_text(page_text, encoding="utf-8")
        # Chromium's own sandbox does not start for root, and in many containers.
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1680, "height": 1000})
        page.on("console", lambda message: seen["errors"].append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: seen["errors"].append(str(error)))
        page.on("request", lambda request: seen["requests"].append(request.url.split(":")[0]))
        page.goto(file.as_uri())
        page.wait_for_function("document.documentElement.dataset.ready === 'true'", timeout=20_000)
        look(page, seen)
        if len(sys.argv) > 3:
            page.screenshot(path=sys.argv[3])
        browser.close()
    print(json.dumps(seen))


def look(page, seen: dict) -> None:
    """Lays out, searches, filters, chooses, zooms, and walks with the keyboard."""
    boxes = page.evaluate(
        """() => [...document.querySelectorAll('.node')].map((node) => {
            const box = node.getBoundingClientRect();
            return [box.left, box.top, box.right, box.bottom];
        })"""
    )
    view = page.evaluate(
        "() => { const box = document.getElementById('viewport').getBoundingClientRect(); return [box.left, box.top, box.right, box.bottom]; }"
    )
    seen["nodes"] = len(boxes)
    seen["outside"] = sum(
        box[0] < view[0] or box[1] < view[1] or box[2] > view[2] or box[3] > view[3] for box in boxes
    )
    seen["overlaps"] = sum(
        one[0] < other[2] - 0.5 and other[0] < one[2] - 0.5 and one[1] < other[3] - 0.5 and other[1] < one[3] - 0.5
        for index, one in enumerate(boxes)
        for other in boxes[:index]
    )
    seen["letter_pixels"] = page.evaluate(
        "() => 13 * document.querySelector('.node').getBoundingClientRect().height / 26"
    )
    seen["painted"] = page.evaluate(
        """() => { const canvas = document.getElementById('under');
            const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
            let painted = 0;
            for (let at = 3; at < data.length; at += 4) painted += data[at] > 0;
            return painted; }"""
    )

    # Search, and go to the first match with Enter.
    page.keyboard.press("/")
    party = page.evaluate("() => JSON.parse(document.getElementById('graph').textContent).parties.find((party) => party.depth === 1)")
    page.keyboard.type(party["domain"] or party["party_id"])
    seen["found"] = page.text_content("#matches")
    page.keyboard.press("Enter")
    seen["chosen"] = page.evaluate("() => document.querySelector('.node.chosen').dataset.id")
    seen["expected"] = f"party:{party['party_id']}"
    seen["details"] = page.text_content("#details")
    page.keyboard.press("Escape")

    # The keyboard alone: focus, move, choose, leave.
    page.evaluate("() => document.querySelector('.node[tabindex=\"0\"]').focus()")
    before = page.evaluate("() => document.activeElement.dataset.id")
    page.keyboard.press("ArrowRight")
    after = page.evaluate("() => document.activeElement.dataset.id")
    page.keyboard.press("Enter")
    seen["walked"] = before != after and page.evaluate("() => document.querySelector('.node.chosen').dataset.id") == after
    page.keyboard.press("Escape")
    seen["left"] = page.evaluate("() => document.querySelectorAll('.node.chosen').length") == 0
    seen["tab_stops_on_map"] = page.evaluate("() => document.querySelectorAll('.node[tabindex=\"0\"]').length")
    seen["unnamed_buttons"] = page.evaluate(
        "() => [...document.querySelectorAll('button')].filter((each) => !(each.getAttribute('aria-label') || each.textContent).trim()).length"
    )

    # A filter leaves fewer parties, and taking it away brings all back.
    box = page.query_selector("input[data-facet=kind][value=direct]")
    box.uncheck()
    seen["without_direct"] = page.evaluate("() => document.querySelectorAll('.node').length")
    page.click("#reset")
    seen["again"] = page.evaluate("() => document.querySelectorAll('.node').length")

    # Zoom and pan move the map.
    where = "() => document.getElementById('map').style.transform"
    start = page.evaluate(where)
    page.mouse.move((view[0] + view[2]) / 2, view[3] - 8)
    page.mouse.wheel(0, -400)
    zoomed = page.evaluate(where)
    page.mouse.down()
    page.mouse.move((view[0] + view[2]) / 2 + 60, view[3] - 60, steps=4)
    page.mouse.up()
    seen["moves"] = len({start, zoomed, page.evaluate(where)}) == 3
    page.click("#zoom-fit")
    seen["title"] = page.title()


main()
