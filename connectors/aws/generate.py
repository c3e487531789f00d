#!/usr/bin/env python3
"""From the catalogue and botocore's service models: src/shapes.txt and tests/fixtures/*.json.

  generate.py           writes both
  generate.py --check   writes nothing; fails where they would differ

A record is held against the models first: an operation, argument, page token or path that AWS does not have is refused by
name. The shape table says how answers of the called operations look on the wire; a fixture is the smallest such answer that
holds what a record speaks of, so that its test can tell whether the record's columns come out of it.
"""
import argparse
import base64
import json
import pathlib
import re
import sys
import tomllib

import botocore
import botocore.session
from botocore.model import ServiceModel

HERE = pathlib.Path(__file__).parent
LOADER = botocore.session.get_session().get_component("data_loader")
# What the connector calls beside the catalogue.
OWN = {
    "sts": ["AssumeRole", "GetCallerIdentity"],
    "ec2": ["DescribeRegions"],
    "organizations": ["DescribeOrganization", "ListAccounts", "ListAccountsForParent", "ListOrganizationalUnitsForParent", "ListRoots"],
    "cloudcontrol": ["GetResource", "ListResources"],
}
ACCOUNT = "111122223333"
ARN = f"arn:aws:service:us-east-1:{ACCOUNT}:thing/1"
POLICY = json.dumps({"Version": "2012-10-17", "Statement": []}, separators=(",", ":"))


class Wrong(Exception):
    """A record that the models contradict."""


class Service:
    def __init__(self, name, record):
        self.name = name
        self.model = ServiceModel(LOADER.load_service_model(name, "service-2"), name)
        self.protocol = record["protocol"]
        self.is_xml = self.protocol in ("query", "ec2", "rest-xml")
        metadata = self.model.metadata
        speaks = metadata.get("protocols", [metadata["protocol"]])
        expected = {
            "signing": metadata.get("signingName", metadata["endpointPrefix"]),
            "target": metadata.get("targetPrefix") if self.protocol == "json" else None,
            "version": metadata["apiVersion"] if self.protocol in ("query", "ec2") else None,
            "service_id": metadata["serviceId"],
        }
        for key, value in expected.items():
            if value is not None and record.get(key) != value:
                raise Wrong(f"{name}: {key} is {value!r}, not {record.get(key)!r}")
        if self.protocol not in speaks:
            raise Wrong(f"{name} speaks {speaks}, not {self.protocol}")

    def operation(self, name):
        if name not in self.model.operation_names:
            raise Wrong(f"{self.name} has no operation {name}")
        return self.model.operation_model(name)


# --- records against the models ---------------------------------------------------------------------------------------


def calls(record):
    if "prepare" in record:
        yield record["prepare"]["call"]
    yield record["list"]
    for lookup in record.get("lookup", []):
        yield lookup["call"]
    yield from record.get("detail", [])


def check_call(service, call):
    operation = service.operation(call["operation"])
    members = operation.input_shape.members if operation.input_shape else {}
    required = set(operation.input_shape.required_members) if operation.input_shape else set()
    given = set()
    where = f"{service.name}:{operation.name}"
    if "http" in call:
        method, target = call["http"].split(" ", 1)
        path, _, fixed = target.partition("?")
        own_path, _, own_fixed = operation.http["requestUri"].partition("?")
        if operation.http["method"] != method or fixed != own_fixed:
            raise Wrong(f"{where} is {operation.http}")
        labels = re.findall(r"\{(\w+)\+?\}", own_path)
        if not re.fullmatch(re.sub(r"\\\{\w+\\?\+?\\\}", "[^/]+", re.escape(own_path)), path):
            raise Wrong(f"{where} has the path {own_path}")
        given |= {name for name, shape in members.items() if shape.serialization.get("name", name) in labels and shape.serialization.get("location") == "uri"}
    for argument, value in call.get("args", {}).items():
        name = check_argument(service, where, members, argument)
        check_value(members[name], value, f"{where} {argument}")
        given.add(name)
    missing = required - given
    if missing:
        raise Wrong(f"{where} needs {sorted(missing)}")
    page = call.get("page")
    if page:
        outs = page["out"] if isinstance(page["out"], list) else [page["out"]]
        for path in [*outs, *([page["more"]] if "more" in page else [])]:
            at(operation.output_shape, steps(path), where)
    return operation


def check_argument(service, where, members, argument):
    bare = argument.lstrip("?^")
    location = {"?": "querystring", "^": "header"}.get(argument[0])
    head = bare.split(".")[0]
    for name, shape in members.items():
        wire = shape.serialization.get("name", name)
        if service.protocol == "ec2":
            wire = shape.serialization.get("queryName") or wire[:1].upper() + wire[1:]
        place = shape.serialization.get("location")
        if location == place and (wire == bare or (service.protocol in ("query", "ec2") and wire == head)):
            return name
    raise Wrong(f"{where} has no argument {argument}")


def check_value(shape, value, where):
    """Whether structures in an argument have the members of the input; a template may stand for anything."""
    if isinstance(value, list) and shape.type_name == "list":
        for each in value:
            check_value(shape.member, each, where)
    elif isinstance(value, dict) and shape.type_name == "map":
        for each in value.values():
            check_value(shape.value, each, where)
    elif isinstance(value, dict):
        wires = {member.serialization.get("name", name): member for name, member in shape.members.items()} if shape.type_name == "structure" else {}
        for name, each in value.items():
            if name not in wires:
                raise Wrong(f"{where} has no member {name}")
            check_value(wires[name], each, where)
    elif isinstance(value, str) and "{" not in value and getattr(shape, "enum", None) and value not in shape.enum:
        raise Wrong(f"{where} is none of {shape.enum}")


def steps(path):
    """`A[].B.*` as ["A", "[]", "B", "*"]."""
    return [step.strip('"') for step in re.findall(r'"[^"]*"|\[\]|\*|[^.\[\]]+', path)]


def at(shape, path, where):
    """The shape that a path reaches, and the steps that lead on into text (JSON, CSV)."""
    for index, step in enumerate(path):
        kind = shape.type_name
        if kind == "list" and step == "[]":
            shape = shape.member
        elif kind == "map":
            shape = shape.value
        elif kind == "structure" and (step in shape.members or step == "*"):
            shape = shape.members[step if step != "*" else any_member(shape, path[index + 1 :], where)]
        elif kind in ("string", "blob"):
            return shape, path[index:]
        else:
            raise Wrong(f"{where}: {'.'.join(path)} leads nowhere at {step}")
    return shape, []


def any_member(shape, rest, where):
    """The first member from which the path leads on."""
    for name, member in shape.members.items():
        try:
            at(member, rest, where)
        except Wrong:
            continue
        return name
    raise Wrong(f"{where}: no member of {shape.name} has {'.'.join(rest)}")


# --- the shape table --------------------------------------------------------------------------------------------------

SCALARS = {"integer": "#", "long": "#", "boolean": "?", "float": "%", "double": "%", "timestamp": "@", "blob": "!"}


def table(service, operations):
    """Lines of a service: its operations, then every structure that they answer with."""
    shapes, roots = {}, []

    def members(shape):
        for name, member in shape.members.items():
            serialization = member.serialization
            wire = serialization.get("name", name)
            kind = write(member)
            if member.type_name == "list" and serialization.get("flattened"):
                kind = "*" + write(member.member)
                wire = member.member.serialization.get("name") or wire
            if serialization.get("location") in ("header", "headers", "statusCode"):
                wire = "^" + wire
            if serialization.get("xmlAttribute"):
                wire = "~" + wire.split(":")[-1]
            same = wire == name or (service.protocol == "ec2" and wire[:1].upper() + wire[1:] == name)
            if service.is_xml or kind or not same:
                yield (name if same else f"{name}={wire}") + kind

    def write(shape):
        kind = shape.type_name
        if kind == "structure":
            if shape.name not in shapes:
                shapes[shape.name] = ""
                shapes[shape.name] = ",".join(members(shape))
            return ":" + shape.name if service.is_xml or shapes[shape.name] else ""
        if kind == "list":
            tag = shape.member.serialization.get("name")
            usual = "item" if service.protocol == "ec2" else "member"
            inner = write(shape.member)
            return "[" + (tag if tag and tag != usual and service.is_xml else "") + inner if service.is_xml or inner else ""
        if kind == "map":
            inner = write(shape.value)
            return "{" + inner if service.is_xml or inner else ""
        mark = SCALARS.get(kind, "")
        return mark if service.is_xml or kind == "timestamp" else ""

    for name in sorted(operations):
        output = service.operation(name).output_shape
        if output is None:
            continue
        write(output)
        payload = output.serialization.get("payload")
        wrapper = output.serialization.get("resultWrapper")
        roots.append(f"{name} {output.name}" + (f" payload={payload}" if payload else "") + (f" result={wrapper}" if wrapper else ""))
    return [f"\n@{service.name} {service.protocol}", *roots, *[f"{name}{{{text}}}" for name, text in shapes.items() if text]]


# --- fixtures ---------------------------------------------------------------------------------------------------------


def grow(tree, path, leaf=None):
    for step in path:
        tree = tree.setdefault(step, {})
    if leaf is not None:
        tree["="] = leaf
    return tree


def references(template):
    """The item's own members that a template names."""
    names = [re.split(r"[|?]", name)[0] for name in re.findall(r"\{([^}]*)\}", template)]
    known = ("account", "region", "partition", "size", "page", "each")
    return [name for name in names if name not in known and not name.startswith(("parent.", "page."))]


def condition(text):
    for sign in ("!=", "="):
        if sign in text:
            path, value = text.split(sign, 1)
            return steps(path), ("another" if sign == "!=" else value)
    return steps(text), None


def wanted(record):
    """A tree of what the record speaks of, under "" for the item and under the name of each other operation."""
    trees = {"": {}}
    others = [call["operation"] for call in record.get("detail", [])]
    taken = {name: lookup for lookup in record.get("lookup", []) for name in lookup["members"]}

    def note(path, leaf=None):
        head = path[0] if path else ""
        if head in others:
            grow(trees.setdefault(head, {}), path[1:], leaf)
        elif head in taken:
            grow(trees.setdefault(taken[head]["call"]["operation"], {}), [*steps(taken[head]["items"]), *path], leaf)
        elif head not in record.get("carry", {}) and head != record.get("scalar"):
            grow(trees[""], path, leaf)

    for column in record.get("columns", []):
        note(steps(column["path"]), {"boolean": "true", "timestamp": "2026-01-02T03:04:05+00:00", "integer": "7"}.get(column.get("type")))
    for rule in record.get("evidence", []):
        note(steps(rule["path"]))
    if "tags" in record:
        note(steps(record["tags"]))
    if "created" in record:
        note(steps(record["created"]), "2026-01-02T03:04:05+00:00")
    templates = [record[key] for key in ("id", "key", "display_name") if key in record]
    for call in record.get("detail", []):
        templates += strings(call.get("args", {})) + [call.get("http", "")]
        if "when" in call:
            note(*condition(call["when"]))
    for template in templates:
        for name in references(template):
            if name != "id" or record.get("id") == "{id}":
                note([name])
    whole = re.fullmatch(r"\{(\w+)\??\}", record["id"] if record["key"] == "{id}" else record["key"])
    if whole and whole[1] == record.get("scalar"):
        trees[""]["="] = ARN
    elif whole:
        note([whole[1]], ARN)
    if "where" in record:
        note(*condition(record["where"]))
    for lookup in record.get("lookup", []):
        note([lookup["on"]], text_of(lookup["on"]))
        tree = trees.setdefault(lookup["call"]["operation"], {})
        for name in lookup["members"]:
            grow(tree, [*steps(lookup["items"]), name])
        grow(tree, [*steps(lookup["items"]), lookup["on"]], text_of(lookup["on"]))
    return trees


def strings(value):
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = value.values()
    return [text for each in value for text in strings(each)] if not isinstance(value, (int, bool)) else []


def text_of(name):
    if re.search(r"(?i)account(_?id)?$|owner(_?id)?$", name):
        return ACCOUNT
    return ARN if re.search(r"(?i)arn$|^SerialNumber$", name) else f"{name}-1" if name else "text"


def sample(shape, tree, name, call, path):
    """A value of the shape with what the tree wants, in the models' own names."""
    kind = shape.type_name
    leaf = tree.get("=")
    inner = {key: value for key, value in tree.items() if key != "="}
    if kind == "structure":
        if not inner:
            scalars = [key for key, member in shape.members.items() if member.type_name not in ("structure", "list", "map")]
            inner = {key: {} for key in scalars[:2] or list(shape.members)[:1]}
        # A tag is none without both.
        inner = {**{key: {} for key in shape.members if key in ("Key", "Value", "key", "value", "TagKey", "TagValue")}, **inner}
        some = {any_member(shape, next(leaves(inner["*"]), []), ""): inner.pop("*")} if "*" in inner else {}
        return {key: sample(shape.members[key], sub, key, call, [*path, key]) for key, sub in {**some, **inner}.items()}
    if kind == "list":
        return [sample(shape.member, inner.get("[]", {}), name, call, [*path, "[]"])]
    if kind == "map":
        keys = {("key" if key == "*" else key): sub for key, sub in inner.items()} or {"key": {}}
        return {key: sample(shape.value, sub, key, call, [*path, key]) for key, sub in keys.items()}
    if kind == "blob" and call.get("csv") and steps(call["csv"]) == path:
        columns = inner.get("[]", {})
        row = [column.get("=") or text_of(key) for key, column in columns.items()]
        return base64.b64encode(f"{','.join(columns)}\n{','.join(row)}\n".encode()).decode()
    if kind in ("string", "blob"):
        if inner:
            return json.dumps({key: sub.get("=") or text_of(key) for key, sub in inner.items()})
        if leaf:
            return leaf
        is_json = any(path[-len(steps(field)) :] == steps(field) for field in call.get("json_fields", []) if field)
        return POLICY if is_json else (getattr(shape, "enum", None) or [text_of(name)])[0]
    return {"boolean": True, "timestamp": "2026-01-02T03:04:05Z", "float": 1.5, "double": 1.5}.get(kind, 7)


def to_json(shape, value):
    kind = shape.type_name
    if kind == "structure":
        return {shape.members[key].serialization.get("name", key): to_json(shape.members[key], each) for key, each in value.items()}
    if kind == "list":
        return [to_json(shape.member, each) for each in value]
    if kind == "map":
        return {key: to_json(shape.value, each) for key, each in value.items()}
    if kind == "timestamp" and shape.serialization.get("timestampFormat") != "iso8601":
        return 1767323045
    return value


def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;")


def to_xml(service, shape, value, tag):
    kind = shape.type_name
    if kind == "structure":
        inner = "".join(member_xml(service, shape.members[key], key, each) for key, each in value.items())
    elif kind == "list":
        usual = "item" if service.protocol == "ec2" else "member"
        inner = "".join(to_xml(service, shape.member, each, shape.member.serialization.get("name", usual)) for each in value)
    elif kind == "map":
        key_tag, value_tag = shape.key.serialization.get("name", "key"), shape.value.serialization.get("name", "value")
        inner = "".join(f"<entry><{key_tag}>{escape(key)}</{key_tag}>{to_xml(service, shape.value, each, value_tag)}</entry>" for key, each in value.items())
    else:
        inner = escape(str(value).lower() if isinstance(value, bool) else str(value))
    return f"<{tag}>{inner}</{tag}>"


def member_xml(service, shape, name, value):
    tag = shape.serialization.get("name", name)
    if shape.type_name == "list" and shape.serialization.get("flattened"):
        tag = shape.member.serialization.get("name") or tag
        return "".join(to_xml(service, shape.member, each, tag) for each in value)
    return to_xml(service, shape, value, tag)


def body(service, operation, tree, call):
    output = operation.output_shape
    value = sample(output, tree or {"=": None}, "", call, [])
    payload = output.serialization.get("payload")
    if payload and output.members[payload].type_name != "structure":
        return value[payload]
    shape, root = (output.members[payload], payload) if payload else (output, output.serialization.get("name", operation.name + "Response"))
    value = value[payload] if payload else value
    if not service.is_xml:
        return json.dumps(to_json(shape, value), separators=(",", ":"))
    if service.protocol == "rest-xml":
        members = list(output.members.values())
        if len(members) == 1 and not payload and members[0].type_name == "string":
            return f"<{operation.name}>{escape(next(iter(value.values())))}</{operation.name}>"
        return to_xml(service, shape, value, shape.serialization.get("name", root))
    inner = to_xml(service, shape, value, output.serialization.get("resultWrapper", "Nothing"))
    if service.protocol == "ec2":
        inner = inner.removeprefix("<Nothing>").removesuffix("</Nothing>")
    return f"<{operation.name}Response>{inner}</{operation.name}Response>"


def fixture(service, record):
    trees = wanted(record)
    answers = {}
    for call in calls(record):
        operation = check_call(service, call)
        name = call["operation"]
        if call is record["list"]:
            tree = {}
            items = grow(tree, steps(record["items"]))
            items.update(trees[""])
        else:
            tree = trees.get(name, {})
        if "prepare" in record and call is record["prepare"]["call"]:
            grow(tree, *condition(record["prepare"]["until"]))
        where = f"{record['name']} {name}"
        for path in leaves(tree):
            at(operation.output_shape, path, where)
        answers[name] = body(service, operation, tree, call)
    return answers


def leaves(tree, path=()):
    inner = [(key, sub) for key, sub in tree.items() if key != "="]
    if not inner and path:
        yield list(path)
    for key, sub in inner:
        yield from leaves(sub, (*path, key))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    own = tomllib.loads((HERE / "src/cloud_control.toml").read_text())
    written, problems = {}, []
    lines = [
        f"# Wire shapes of the operations that this connector calls, generated from the service models of botocore {botocore.__version__}",
        "# (Copyright Amazon.com, Inc. or its affiliates; Apache License 2.0, see NOTICE). The format is described in shapes.rs.",
    ]
    for path in sorted((HERE / "catalogue").glob("*.toml")):
        name, file = path.stem, tomllib.loads(path.read_text())
        try:
            service = Service(name, file["service"])
        except Wrong as error:
            problems.append(str(error))
            continue
        operations, fixtures = set(OWN.get(name, [])), {}
        for record in [*file.get("type", []), *([own] if name == "cloudcontrol" else [])]:
            try:
                fixtures[record["name"]] = fixture(service, record)
            except (Wrong, KeyError) as error:
                problems.append(f"{path.name}, {record['name']}: {error}")
                continue
            operations |= {call["operation"] for call in calls(record)}
        lines += table(service, operations)
        if fixtures:
            reference = f"https://docs.aws.amazon.com/ service {service.model.metadata['serviceId']}, API version {service.model.metadata['apiVersion']}"
            whole = {"source": f"{reference}, by the models of botocore {botocore.__version__}", "answers": fixtures}
            written[HERE / f"tests/fixtures/{name}.json"] = json.dumps(whole, indent=1) + "\n"
    written[HERE / "src/shapes.txt"] = "\n".join(lines) + "\n"
    if not problems:
        known = {*(HERE / "tests/fixtures").glob("*.json"), *written}
        for path in sorted(known):
            text = written.get(path)
            if check and (text is None or not path.exists() or path.read_text() != text):
                problems.append(f"{path.relative_to(HERE)} is not what the catalogue gives; run connectors/aws/generate.py")
            elif not check and text is None:
                path.unlink()
            elif not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
    print("\n".join(problems) or f"{len(written)} files", file=sys.stderr if problems else sys.stdout)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
