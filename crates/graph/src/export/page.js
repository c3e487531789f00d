"use strict";
// The map: columns by distance from us, groups by strength inside them, edges on two canvases (under the nodes, and those
// of the chosen node over them). Text reaches the page through textContent alone.
(() => {
  const data = JSON.parse(document.getElementById("graph").textContent);
  const byId = (id) => document.getElementById(id);
  const STRENGTHS = [
    ["can_admin", "can change things"], ["can_read_data", "can read data"], ["sends_data_to", "gets our data"],
    ["can_read_config", "can read settings"], ["identity", "asserts identity"], ["hosting", "hosts or ships code"],
    ["contact", "contact only"], ["none", "not stated"],
  ];
  const REPORTS = [
    ["current", "●", "current report"], ["bridged", "◐", "bridged"], ["stale", "◐", "stale"], ["expired", "○", "expired"],
    ["unreliable", "✕", "can't be relied on"], ["not evaluable", "○", "not evaluable"], ["none", "", "no report"],
  ];
  const PROVIDERS = { aws: "AWS accounts", azure: "Azure subscriptions", gcp: "Google Cloud projects" };
  const PILL = 180, GAP = 10, ROW = 32, LANE = 112, HEAD = 34, GROUP = 24;

  // ---- What there is -------------------------------------------------------------------------------------------
  const nodes = new Map();
  const parties = new Map(data.parties.map((party) => [party.party_id, party]));
  for (const node of data.nodes) {
    if (node.kind === "report") continue;
    const party = node.kind === "third_party" ? parties.get(node.party_id) || {} : {};
    const kind = node.kind !== "third_party" ? node.kind : party.depth == null ? "unreached" : party.depth === 1 ? "direct" : "fourth";
    const texts = [node.label, node.party_id, node.scope_id, party.domain, party.category];
    nodes.set(node.node_id, {
      id: node.node_id, kind, label: node.label, party, out: [], into: [],
      depth: party.depth, strength: party.strength || "none", report: party.report || "none",
      provider: node.kind === "scope" ? node.node_id.split(":")[1] : null,
      text: texts.filter(Boolean).join(" ").toLowerCase(),
    });
  }
  const edges = data.edges
    .filter((edge) => nodes.has(edge.from_id) && nodes.has(edge.to_id))
    .map((edge) => ({ ...edge, from: nodes.get(edge.from_id), to: nodes.get(edge.to_id), strength: edge.strength || "none" }));
  for (const edge of edges) {
    edge.from.out.push(edge);
    edge.to.into.push(edge);
  }
  const group = (rows, key) => {
    const found = new Map();
    for (const row of rows) (found.get(row[key]) || found.set(row[key], []).get(row[key])).push(row);
    return found;
  };
  const evidenceOf = group(data.evidence, "party_id");
  const reportsOf = group(data.reports, "party_id");
  const us = nodes.get("organization");
  const words = (text) => text.replaceAll("_", " ");
  // A raw id is told apart by its end, which a narrow box would cut off.
  const short = (label) => label.replace(/^Unknown (\S+)(?: \S+)* (\S+)$/, "? $1 $2");
  const glyph = (report) => REPORTS.find(([word]) => word === report) || REPORTS[6];

  // ---- Small functions ------------------------------------------------------------------------------------------
  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value == null || value === false) continue;
      if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
      else element.setAttribute(key, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child != null));
    return element;
  };
  const number = (value) => (value || 0).toLocaleString("en-US");

  // ---- Filters -------------------------------------------------------------------------------------------------
  const hidden = { strength: new Set(), relation: new Set(), kind: new Set(["unreached"]), report: new Set() };
  const count = (values) => values.reduce((sums, value) => sums.set(value, (sums.get(value) || 0) + 1), new Map());
  const things = [...nodes.values()];
  const people = things.filter((node) => node.kind !== "scope" && node.kind !== "organization");
  const FACETS = [
    ["kind", "Show", count(things.map((node) => node.kind)),
      [["scope", "our scopes"], ["direct", "direct parties"], ["fourth", "fourth parties"], ["unreached", "known, not seen"]]],
    ["strength", "Strength", count(edges.filter((edge) => edge.from !== us).map((edge) => edge.strength)), STRENGTHS],
    ["relation", "Relation", count(edges.filter((edge) => edge.from !== us).map((edge) => edge.relation)),
      [...new Set(edges.map((edge) => edge.relation))].sort().map((relation) => [relation, words(relation)])],
    ["report", "SOC 2 report", count(people.filter((node) => node.kind !== "unreached").map((node) => node.report)),
      REPORTS.map(([word, mark, label]) => [word, `${mark} ${label}`.trim()])],
  ];
  const boxes = [];
  for (const [facet, title, counts, words_] of FACETS) {
    const rows = words_.filter(([word]) => counts.get(word)).map(([word, label]) => {
      const box = make("input", { type: "checkbox", "data-facet": facet, value: word, onchange: () => {
        hidden[facet][box.checked ? "delete" : "add"](word);
        arrange();
      } });
      box.checked = !hidden[facet].has(word);
      boxes.push([facet, word, box]);
      const dot = facet === "strength" ? make("span", { class: `dot ${word}` }) : null;
      return make("label", {}, box, dot, make("span", {}, label), make("i", {}, number(counts.get(word))));
    });
    if (rows.length) byId("filters").append(make("fieldset", {}, make("legend", {}, title), ...rows));
  }
  byId("filters").append(make("button", { type: "button", class: "plain", id: "reset", onclick: () => {
    for (const [facet, word, box] of boxes) {
      hidden[facet][facet === "kind" && word === "unreached" ? "add" : "delete"](word);
      box.checked = !hidden[facet].has(word);
    }
    arrange();
  } }, "Show everything again"));

  const passes = (edge) => !hidden.strength.has(edge.strength) && !hidden.relation.has(edge.relation);
  const isShown = (node) => {
    if (node === us) return true;
    if (hidden.kind.has(node.kind)) return false;
    if (node.kind === "scope") return node.out.some((edge) => passes(edge) && edge.to.kind !== "scope");
    if (hidden.report.has(node.report)) return false;
    return node.kind === "unreached" || node.into.some(passes);
  };

  // ---- Layout --------------------------------------------------------------------------------------------------
  const order = (a, b) => (b.party.resources || 0) - (a.party.resources || 0) || (a.label < b.label ? -1 : a.label > b.label ? 1 : 0);
  const grouped = (members, key, titles) => {
    const groups = group(members, key);
    return titles.filter(([word]) => groups.has(word)).map(([word, title]) => ({ word, title, members: groups.get(word).sort(order) }));
  };
  let columns = [], size = { width: 0, height: 0 }, shownEdges = [];

  /** The height of a column whose groups are `wide` nodes wide. */
  const tall = (column, wide) =>
    HEAD + column.groups.reduce((sum, each) => sum + GROUP + Math.ceil(each.members.length / wide) * ROW + 8, 0);

  const arrange = () => {
    const shown = things.filter(isShown);
    const scopes = shown.filter((node) => node.kind === "scope");
    columns = [{ title: "Us", count: scopes.length, unit: "scopes", groups: [
      { word: "us", title: "", members: [us] }, ...grouped(scopes, "provider", Object.entries(PROVIDERS)) ] }];
    const byDepth = group(shown.filter((node) => node.depth), "depth");
    for (const depth of [...byDepth.keys()].sort((a, b) => a - b)) {
      const members = byDepth.get(depth);
      columns.push(depth === 1
        ? { title: "Third parties", count: members.length, unit: "", groups: grouped(members, "strength", STRENGTHS) }
        : { title: depth === 2 ? "Whom they depend on" : `Step ${depth}`, count: members.length, unit: "",
            groups: grouped(members, "report", REPORTS.map(([word, , label]) => [word, label])) });
    }
    const rest = shown.filter((node) => node.kind === "unreached");
    if (rest.length) columns.push({ title: "Known, not seen", count: rest.length, unit: "", groups: [{ word: "none", title: "nothing leads to them", members: rest.sort(order) }] });

    // The widths that show everything at the largest scale in this window.
    const room = byId("viewport").getBoundingClientRect();
    let best = null;
    for (let height = 260; height < 60000; height = Math.ceil(height * 1.06)) {
      const wides = columns.map((column, index) => {
        let wide = 1;
        while (tall(column, wide) > height && wide < (index === 0 ? 6 : 40)) wide += 1;
        return wide;
      });
      const width = wides.reduce((sum, wide) => sum + wide * (PILL + GAP) - GAP + LANE, -LANE);
      const real = Math.max(...columns.map((column, index) => tall(column, wides[index])));
      const scale = Math.min((room.width - 60) / width, (room.height - 50) / real);
      if (!best || scale > best.scale + 1e-9) best = { scale, wides, width, height: real };
    }
    size = { width: best.width, height: best.height };
    let x = 0;
    const map = byId("map");
    map.replaceChildren();
    for (const node of things) node.element = null;
    columns.forEach((column, index) => {
      const wide = best.wides[index];
      const heading = make("div", { class: "heading" }, column.title, make("small", {}, `${number(column.count)} ${column.unit}`.trim()));
      place(heading, x, 0);
      map.append(heading);
      let y = HEAD;
      for (const each of column.groups) {
        if (each.title) {
          const label = make("div", { class: "group" }, make("b", {}, each.title), ` ${number(each.members.length)}`);
          place(label, x, y);
          map.append(label);
          y += GROUP;
        }
        each.members.forEach((node, at) => {
          node.x = x + (at % wide) * (PILL + GAP);
          node.y = y + Math.floor(at / wide) * ROW;
          node.column = index;
          map.append(draw(node));
        });
        y += Math.ceil(each.members.length / wide) * ROW + 8;
      }
      x += wide * (PILL + GAP) - GAP + LANE;
    });
    byId("nothing").hidden = columns.length > 1;
    shownEdges = edges.filter((edge) => passes(edge) && edge.from.element && edge.to.element);
    // What a scope shows need not be drawn for the whole organization again.
    const bySome = new Set(shownEdges.filter((edge) => edge.from.kind === "scope").map((edge) => edge.to));
    for (const edge of shownEdges) edge.isDrawn = edge.from !== us || !bySome.has(edge.to);
    if (chosen && !chosen.element) chosen = null;
    roam(chosen || us);
    fit();
    find();
    mark();
  };

  const place = (element, x, y) => {
    element.style.left = `${x}px`;
    element.style.top = `${y}px`;
  };

  const draw = (node) => {
    const [word, mark_, said] = glyph(node.report);
    const isParty = node.kind !== "scope" && node !== us;
    const parts = [node.label];
    if (isParty) {
      if (node.strength !== "none") parts.push(words(node.strength));
      parts.push(said);
      if (node.party.resources) parts.push(`${node.party.resources} resources`);
    }
    node.element = make("button", {
      type: "button", class: `node ${node === us ? "us" : isParty ? node.strength : "scope"}`, tabindex: "-1",
      title: parts.join(" · "), "aria-label": parts.join(", "), "data-id": node.id, onclick: () => choose(node),
    }, make("span", {}, short(node.label)),
      isParty && node.party.resources ? make("i", { "aria-hidden": "true" }, number(node.party.resources)) : null,
      isParty && mark_ ? make("em", { class: word, "aria-hidden": "true" }, mark_) : null);
    node.element.style.width = `${PILL}px`;
    place(node.element, node.x, node.y);
    return node.element;
  };

  // ---- Pan and zoom --------------------------------------------------------------------------------------------
  const viewport = byId("viewport");
  const view = { x: 0, y: 0, scale: 1 };
  let isWaiting = false;
  const refresh = () => {
    byId("map").style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`;
    // Headings stay readable when everything is small.
    byId("map").style.setProperty("--grow", Math.min(1.8, Math.max(1, 0.95 / view.scale)));
    if (!isWaiting) {
      isWaiting = true;
      requestAnimationFrame(() => { isWaiting = false; paint(); });
    }
  };
  const fit = () => {
    const room = viewport.getBoundingClientRect();
    view.scale = Math.min(1.35, (room.width - 60) / size.width, (room.height - 50) / size.height);
    view.x = Math.max(30, (room.width - size.width * view.scale) / 2);
    view.y = Math.max(22, Math.min(60, (room.height - size.height * view.scale) / 2));
    refresh();
  };
  const zoom = (factor, x, y) => {
    const room = viewport.getBoundingClientRect();
    const [px, py] = x == null ? [room.width / 2, room.height / 2] : [x - room.left, y - room.top];
    const scale = Math.min(4, Math.max(0.05, view.scale * factor));
    view.x = px - ((px - view.x) * scale) / view.scale;
    view.y = py - ((py - view.y) * scale) / view.scale;
    view.scale = scale;
    refresh();
  };
  const reveal = (node) => {
    const room = viewport.getBoundingClientRect();
    const left = view.x + node.x * view.scale, top = view.y + node.y * view.scale;
    if (left < 20) view.x += 20 - left;
    if (top < 20) view.y += 20 - top;
    if (left + PILL * view.scale > room.width - 20) view.x -= left + PILL * view.scale - room.width + 20;
    if (top + ROW * view.scale > room.height - 20) view.y -= top + ROW * view.scale - room.height + 20;
    refresh();
  };
  viewport.addEventListener("wheel", (event) => {
    event.preventDefault();
    if (event.ctrlKey || event.metaKey || Math.abs(event.deltaY) >= Math.abs(event.deltaX)) zoom(Math.exp(-event.deltaY * 0.0015), event.clientX, event.clientY);
    else { view.x -= event.deltaX; refresh(); }
  }, { passive: false });
  let drag = null;
  viewport.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    drag = { x: event.clientX, y: event.clientY, fromX: view.x, fromY: view.y, isMoving: false };
  });
  viewport.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const dx = event.clientX - drag.x, dy = event.clientY - drag.y;
    if (!drag.isMoving && Math.hypot(dx, dy) < 4) return;
    if (!drag.isMoving) viewport.setPointerCapture(event.pointerId);
    drag.isMoving = true;
    viewport.classList.add("panning");
    view.x = drag.fromX + dx;
    view.y = drag.fromY + dy;
    refresh();
  });
  const drop = (event) => {
    if (drag && !drag.isMoving && event.type === "pointerup" && !event.target.closest(".node")) choose(null);
    drag = null;
    viewport.classList.remove("panning");
  };
  viewport.addEventListener("pointerup", drop);
  viewport.addEventListener("pointercancel", drop);
  byId("zoom-in").addEventListener("click", () => zoom(1.25));
  byId("zoom-out").addEventListener("click", () => zoom(0.8));
  byId("zoom-fit").addEventListener("click", fit);

  // ---- Edges ---------------------------------------------------------------------------------------------------
  const colors = {};
  const readColors = () => {
    const style = getComputedStyle(document.documentElement);
    for (const [word] of STRENGTHS) colors[word] = style.getPropertyValue(`--${word}`).trim();
  };
  const curve = (pen, edge, withArrow) => {
    const { from, to } = edge;
    const y1 = from.y + 13, y2 = to.y + 13;
    const isForward = to.column > from.column;
    const x1 = from.x + PILL, x2 = isForward ? to.x : to.x + PILL;
    const bend = isForward ? Math.max(40, (x2 - x1) * 0.5) : 46 + Math.min(90, Math.abs(y2 - y1) * 0.12);
    pen.beginPath();
    pen.moveTo(x1, y1);
    pen.bezierCurveTo(x1 + bend, y1, isForward ? x2 - bend : x2 + bend, y2, x2, y2);
    pen.stroke();
    if (withArrow) {
      const side = isForward ? -1 : 1;
      pen.beginPath();
      pen.moveTo(x2, y2);
      pen.lineTo(x2 + side * 8, y2 - 4);
      pen.lineTo(x2 + side * 8, y2 + 4);
      pen.fill();
    }
  };
  const paint = () => {
    const room = viewport.getBoundingClientRect();
    const ratio = window.devicePixelRatio || 1;
    const drawn = shownEdges.filter((edge) => edge.isDrawn);
    for (const id of ["under", "over"]) {
      const canvas = byId(id), pen = canvas.getContext("2d");
      canvas.width = Math.round(room.width * ratio);
      canvas.height = Math.round(room.height * ratio);
      pen.setTransform(ratio * view.scale, 0, 0, ratio * view.scale, ratio * view.x, ratio * view.y);
      if (id === "under") {
        pen.globalAlpha = (chosen ? 0.25 : 1) * Math.min(0.55, Math.max(0.05, 14 / Math.sqrt(drawn.length + 1) / 3));
        pen.lineWidth = 1.2;
        for (const edge of drawn) {
          pen.strokeStyle = colors[edge.strength];
          curve(pen, edge, false);
        }
      } else if (chosen) {
        pen.lineWidth = 1.8;
        for (const edge of shownEdges) {
          if ((edge.from !== chosen && edge.to !== chosen) || (!edge.isDrawn && edge.from !== chosen)) continue;
          pen.globalAlpha = 0.85;
          pen.strokeStyle = pen.fillStyle = colors[edge.strength];
          curve(pen, edge, true);
        }
      }
    }
  };

  // ---- Choosing and finding ------------------------------------------------------------------------------------
  let chosen = null, current = null, found = null;
  const roam = (node) => {
    if (current && current.element) current.element.tabIndex = -1;
    current = node;
    if (node.element) node.element.tabIndex = 0;
  };
  const choose = (node, isFollowed = false) => {
    chosen = node;
    if (node) {
      roam(node);
      if (isFollowed) reveal(node);
    }
    const hash = node ? `#${encodeURIComponent(node.id)}` : "";
    if (location.hash !== hash) history.replaceState(null, "", hash || location.pathname + location.search);
    mark();
    tell(node);
    refresh();
  };
  const mark = () => {
    const near = new Set();
    if (chosen) for (const edge of [...chosen.into, ...chosen.out]) if (passes(edge)) near.add(edge.from).add(edge.to);
    for (const node of things) {
      if (!node.element) continue;
      node.element.classList.toggle("chosen", node === chosen);
      node.element.classList.toggle("near", node !== chosen && near.has(node));
      node.element.classList.toggle("found", Boolean(found && found.has(node)));
      node.element.classList.toggle("faded", (chosen && !near.has(node) && node !== chosen) || Boolean(found && !found.has(node) && node !== chosen && !near.has(node)));
      node.element.setAttribute("aria-pressed", String(node === chosen));
    }
  };
  const find = () => {
    const asked = byId("search").value.trim().toLowerCase();
    found = asked ? new Set(things.filter((node) => node.element && node !== us && node.text.includes(asked))) : null;
    byId("matches").textContent = found ? `${number(found.size)} found` : "";
  };
  byId("search").addEventListener("input", () => { find(); mark(); });
  byId("search").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && found && found.size) {
      const list = [...found].sort((a, b) => a.x - b.x || a.y - b.y);
      choose(list[(list.indexOf(chosen) + 1) % list.length], true);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      byId("search").value = "";
      find();
      mark();
      if (current && current.element) current.element.focus();
    }
  });
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const step = (dx, dy) => {
    let best = null, least = Infinity;
    for (const node of things) {
      if (!node.element || node === current) continue;
      const ax = (node.x - current.x) * dx + (node.y - current.y) * dy;
      const across = Math.abs((node.x - current.x) * dy) + Math.abs((node.y - current.y) * dx);
      if (ax <= 0) continue;
      const far = ax + across * 2.5;
      if (far < least) { least = far; best = node; }
    }
    if (best) {
      roam(best);
      best.element.focus({ preventScroll: true });
      reveal(best);
    }
  };
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("input[type=search]")) return;
    if (event.key === "/") { event.preventDefault(); byId("search").focus(); }
    else if (event.key === "Escape") choose(null);
    else if (viewport.contains(event.target) || event.target === document.body) {
      if (ARROWS[event.key]) {
        event.preventDefault();
        if (viewport.contains(event.target)) step(...ARROWS[event.key]);
        else current.element.focus({ preventScroll: true });
      } else if (event.key === "+" || event.key === "=") zoom(1.25);
      else if (event.key === "-") zoom(0.8);
      else if (event.key === "0") fit();
    }
  });

  // ---- Details -------------------------------------------------------------------------------------------------
  const link = (node, text) => make("button", { type: "button", class: "plain", onclick: () => choose(node, true), disabled: !node.element }, text || node.label);
  const chip = (text, strength) => make("li", {}, strength ? make("span", { class: `dot ${strength}` }) : null, text);
  const facts = (rows) => make("dl", {}, ...rows.filter(([, value]) => value != null).flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
  const percent = (share) => `${Math.round((share || 0) * 100)} %`;

  const relations = (title, list, other) => {
    if (!list.length) return [];
    const merged = [...group(list.map((edge) => ({ edge, key: edge[other].id })), "key").values()];
    const rows = merged.slice(0, 60).map((same) => {
      const edges_ = same.map(({ edge }) => edge), node = edges_[0][other];
      const said = edges_.map((edge) => `${words(edge.relation)}${edge.strength === "none" ? "" : `, ${words(edge.strength)}`}: ${number(edge.evidence_count)} ${edge.evidence_count === 1 ? "row" : "rows"}, confidence ${percent(edge.confidence)}`);
      return make("li", {}, link(node), make("small", {}, said.join("; ")));
    });
    if (merged.length > 60) rows.push(make("li", {}, make("small", {}, `and ${number(merged.length - 60)} more`)));
    return [make("h3", {}, `${title} (${number(merged.length)})`), make("ul", { class: "list" }, ...rows)];
  };

  const evidence = (rows, total, title = "Evidence") => {
    if (!rows.length) return [];
    const items = rows.map((row) => make("li", {},
      make("small", {}, `${words(row.relation)} · ${words(row.strength)} · ${row.status} · ${words(row.signal)}`),
      make("code", {}, row.resource_key),
      row.path || row.value ? make("code", { class: "value" }, `${row.path || ""}${row.path && row.value ? " = " : ""}${row.value || ""}`) : null));
    const more = total > rows.length ? make("p", { class: "id" }, `The strongest ${number(rows.length)} of ${number(total)}; all of them: carveout query run evidence-of-party`) : null;
    return [make("h3", {}, `${title} (${number(total)})`), make("ul", { class: "list evidence" }, ...items), more].filter(Boolean);
  };

  const way = (party) => {
    if (!party.path || party.path.length < 2) return [];
    const line = make("div", { class: "way" }, link(us));
    for (const id of party.path) {
      const node = nodes.get(`party:${id}`);
      line.append(make("i", {}, "→"), node ? link(node) : id);
    }
    return [make("h3", {}, "Shortest way"), line];
  };

  const tell = (node) => {
    const panel = byId("details");
    panel.scrollTop = 0;
    if (!node) return panel.replaceChildren(...overview());
    if (node === us || node.kind === "scope") {
      const mine = node.out.filter((edge) => edge.to.kind !== "scope");
      const rows = data.evidence.filter((row) => node !== us && row.scope === node.id);
      panel.replaceChildren(make("h2", {}, node.label), make("p", { class: "id" }, node === us ? "our organization" : node.id),
        ...relations("Depends on", mine, "to"), ...evidence(rows.slice(0, 50), rows.length, "Evidence here"));
      return;
    }
    const party = node.party, rows = evidenceOf.get(party.party_id) || [], reports = reportsOf.get(party.party_id) || [];
    panel.replaceChildren(
      make("h2", {}, node.label), make("p", { class: "id" }, [party.party_id, party.domain].filter(Boolean).join(" · ")),
      make("ul", { class: "chips" },
        party.strength ? chip(words(party.strength), party.strength) : null, party.category ? chip(words(party.category)) : null,
        chip(`known from: ${party.origin}`), chip(party.in_register ? "in the register" : "not in the register")),
      ...way(party),
      make("h3", {}, "What hangs on it"),
      facts([["Resources that show it", number(party.resources)], ["Our scopes", number(party.scopes)],
        ["Parties that depend on it", `${number(party.total_dependents)} (${number(party.direct_dependents)} directly)`],
        ["Reached only through it", number(party.dominates)], ["Splits the graph when lost", party.is_cut_vertex ? "yes" : "no"],
        ["Centrality", (party.centrality || 0).toFixed(4)]]),
      make("h3", {}, "SOC 2 reports"),
      reports.length
        ? make("ul", { class: "list" }, ...reports.map((report) => make("li", {},
            make("span", { class: report.reliance || "none" }, `${glyph(report.reliance)[1]} ${report.reliance || "not evaluable"}`),
            make("small", {}, [report.report_id, report.report_type, report.opinion, report.speaks_until && `until ${report.speaks_until}`].filter(Boolean).join(" · ")))))
        : make("p", { class: "id" }, "none held"),
      ...relations("Depends on", node.out, "to"),
      ...relations("Others that depend on it", node.into.filter((edge) => edge.from.kind !== "scope" && edge.from !== us), "from"),
      ...relations("Our scopes", node.into.filter((edge) => edge.from.kind === "scope"), "from"),
      ...evidence(rows, party.evidence_total || rows.length));
  };

  const overview = () => {
    const direct = people.filter((node) => node.kind === "direct");
    const uncovered = direct.filter((node) => !["current", "bridged"].includes(node.report));
    const heavy = [...people].filter((node) => node.party.total_dependents || node.party.dominates)
      .sort((a, b) => b.party.total_dependents - a.party.total_dependents || order(a, b)).slice(0, 8);
    return [
      make("h2", {}, "Overview"),
      facts([["Our scopes", number(things.filter((node) => node.kind === "scope").length)], ["Direct third parties", number(direct.length)],
        ["… without a report to rely on", number(uncovered.length)],
        ["Fourth parties", number(people.filter((node) => node.kind === "fourth").length)],
        ["Known, not seen", number(people.filter((node) => node.kind === "unreached").length)]]),
      heavy.length ? make("h3", {}, "Most depended on") : null,
      heavy.length ? make("ul", { class: "list" }, ...heavy.map((node) => make("li", {}, link(node),
        make("small", {}, `${number(node.party.total_dependents)} other parties depend on it; ${number(node.party.dominates)} are reached only through it`)))) : null,
      make("h3", {}, "Getting around"),
      make("p", {}, "Choose a party to see why it is here: what it reaches, its reports and every row of evidence."),
      make("p", {}, make("kbd", {}, "/"), " search  ", make("kbd", {}, "↑"), make("kbd", {}, "↓"), make("kbd", {}, "←"), make("kbd", {}, "→"), " move  ", make("kbd", {}, "Enter"), " choose"),
      make("p", {}, make("kbd", {}, "+"), " ", make("kbd", {}, "−"), " zoom  ", make("kbd", {}, "0"), " fit  ", make("kbd", {}, "Esc"), " back"),
      make("h3", {}, "Marks"),
      make("p", { class: "id" }, "The bar on the left is the strength of the strongest evidence; the figure is how many of our resources show the party; "
        + "the sign is its best SOC 2 report: ● current, ◐ bridged or stale, ○ expired, ✕ can't be relied on."),
    ].filter(Boolean);
  };

  // ---- Start ---------------------------------------------------------------------------------------------------
  byId("organization").textContent = data.organization;
  readColors();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { readColors(); refresh(); });
  let width = window.innerWidth;
  new ResizeObserver(() => { if (window.innerWidth !== width) { width = window.innerWidth; arrange(); } else refresh(); }).observe(viewport);
  arrange();
  const linked = nodes.get(decodeURIComponent(location.hash.slice(1)));
  choose(linked && linked.element ? linked : null, true);
  document.documentElement.dataset.ready = "true";
})();
