"""Runs a notebook from top to bottom as a person does, and prints what it shows as JSON.

Usage: run_notebook.py NOTEBOOK DATABASE PROGRAM [PICTURES]. With PICTURES, every picture is written into that folder.
Ends with an error where a cell does, or takes too long.
"""

import base64
import io
import json
import os
import pathlib
import re
import signal
import sys
import tempfile

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from PIL import Image
from traitlets.config import Config

CELL_ENDS_WITHIN_SECONDS = 60
ENDS_WITHIN_SECONDS = 240
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
ROWS = re.compile(r'<div class="carveout-table" data-rows="(\d+)">')


def seen(output: dict) -> dict:
    """What a person sees of one output."""
    data = output.get("data", {})
    if "image/png" in data:
        png = base64.b64decode(data["image/png"])
        image = Image.open(io.BytesIO(png)).convert("L")
        # Of a picture without marks, next to nothing is darker than the paper.
        inked = sum(image.histogram()[:250]) / (image.width * image.height)
        alt = output.get("metadata", {}).get("image/png", {}).get("alt", "")
        return {"kind": "picture", "width": image.width, "height": image.height, "inked": inked, "alt": alt, "png": png}
    if table := ROWS.search(data.get("text/html", "")):
        return {"kind": "table", "rows": int(table.group(1))}
    if "text/markdown" in data:
        return {"kind": "words", "text": data["text/markdown"]}
    return {"kind": "other", "text": output.get("text") or data.get("text/plain", "")}


def main() -> None:
    notebook, database, program = (pathlib.Path(each).resolve() for each in sys.argv[1:4])
    signal.alarm(ENDS_WITHIN_SECONDS)
    with tempfile.TemporaryDirectory() as folder:
        # Nobody's own settings, and nothing left in the checkout.
        for variable in ("HOME", "IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "MPLCONFIGDIR"):
            os.environ[variable] = folder
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
        os.environ["CARVEOUT_DATABASE"], os.environ["CARVEOUT_PROGRAM"] = str(database), str(program)
        content = nbformat.read(notebook, as_version=4)
        client = NotebookClient(
            content,
            timeout=CELL_ENDS_WITHIN_SECONDS,
            resources={"metadata": {"path": str(notebook.parent)}},
            # Sockets in the file system: no port is opened.
            config=Config({"KernelManager": {"transport": "ipc", "ip": f"{folder}/kernel"}}),
        )
        try:
            client.execute()
        except CellExecutionError as error:
            sys.exit(COLOURS.sub("", str(error)))
    shown = []
    for cell in content.cells:
        for output in cell.get("outputs", []):
            shown.append({"cell": cell.id, **seen(output)})
    for number, each in enumerate(shown):
        png = each.pop("png", None)
        if png is not None and len(sys.argv) > 4:
            pathlib.Path(sys.argv[4], f"{notebook.stem}-{number:02}-{each['cell']}.png").write_bytes(png)
    json.dump(shown, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
