"""Validates an OSCAL workspace with compliance-trestle, and follows the references between its documents.

Trestle checks each document by itself: shape, duplicate UUIDs, roles, control parts. What points from one document to
another is followed here. Prints what is wrong, one line each, and ends with 1; prints nothing and ends with 0 if all is
well.

usage: validate.py DIR
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from trestle.core.profile_resolver import ProfileResolver


def trestle(folder, *arguments):
    """Runs a command of trestle in a folder; returns what it said if it failed."""
    command = [sys.executable, "-m", "trestle", *arguments]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return [] if run.returncode == 0 else [f"trestle {' '.join(arguments)}: {run.stdout}{run.stderr}"]


def documents(folder, model):
    """Every document of a model, by its path."""
    paths = sorted(folder.glob(f"{model}/*/*.json"))
    return {str(path.relative_to(folder)): next(iter(json.loads(path.read_text()).values())) for path in paths}


def walk(value):
    """Every object in a document."""
    if isinstance(value, dict):
        yield value
    if isinstance(value, (dict, list)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from walk(each)


def parts(control):
    """The ids of all parts of a control."""
    return {part["id"] for part in walk(control.get("parts", [])) if "id" in part}


def main():
    folder = Path(sys.argv[1]).resolve()
    # Trestle takes relative references from the current folder, OSCAL from the document's: any document's will do.
    within = folder / "profiles" / "audit"
    wrong = trestle(folder, "init", "--local") or trestle(within, "validate", "-a")
    os.chdir(within)

    catalogs = documents(folder, "catalogs")
    groups = [group for catalog in catalogs.values() for group in catalog["groups"]]
    controls = {control["id"]: control for group in groups for control in group["controls"]}
    for path in documents(folder, "profiles"):
        resolved = ProfileResolver.get_resolved_profile_catalog(folder, folder / path)
        ids = {control.id for group in resolved.groups or [] for control in group.controls or []}
        ids |= {control.id for control in resolved.controls or []}
        if not ids or not ids <= set(controls):
            wrong.append(f"{path}: resolves to controls that no catalog holds, or to none")

    plans = documents(folder, "system-security-plans")
    said = [item for plan in plans.values() for item in walk(plan)]
    provided = {each["uuid"] for item in said for each in item.get("provided", [])}
    asked = {each["uuid"] for item in said for each in item.get("responsibilities", [])}

    everything = plans | documents(folder, "component-definitions") | documents(folder, "assessment-results")
    for path, document in everything.items():
        own = {item["uuid"] for item in walk(document) if "uuid" in item}
        for item in walk(document):
            for name in ("component-uuid", "subject-uuid", "actor-uuid", "observation-uuid"):
                if name in item and item[name] not in own:
                    wrong.append(f"{path}: {name} {item[name]} is nowhere in it")
            if "provided-uuid" in item and item["provided-uuid"] not in provided:
                wrong.append(f"{path}: nobody provides {item['provided-uuid']}")
            if "responsibility-uuid" in item and item["responsibility-uuid"] not in asked:
                wrong.append(f"{path}: nobody asks for {item['responsibility-uuid']}")
            if "control-id" in item and item["control-id"] not in controls:
                wrong.append(f"{path}: no catalog holds control {item['control-id']}")
            for statement in item.get("statements", []):
                if statement["statement-id"] not in parts(controls[item["control-id"]]):
                    wrong.append(f"{path}: {item['control-id']} has no statement {statement['statement-id']}")
            href = item.get("href", "")
            if href.startswith("#") and href[1:] not in own:
                wrong.append(f"{path}: {href} is nowhere in it")
            elif href.startswith("..") and not (folder / path).parent.joinpath(href).resolve().is_file():
                wrong.append(f"{path}: there is no {href}")
        for finding in (item for item in walk(document) if "target-id" in item):
            if not any(finding["target-id"] in parts(control) for control in controls.values()):
                wrong.append(f"{path}: no control has an objective {finding['target-id']}")

    for line in wrong:
        print(line)
    sys.exit(bool(wrong))


main()
