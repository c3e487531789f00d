//! The dependency graph of a large estate: a million resources, 5,000 parties, ten million edges.
//!
//! Beside rustworkx, which reads the same file of edges and answers the same three questions node by node: what can be
//! reached, the nearest dominator of each node, cut vertices. Then what the product does with such an estate: the graph
//! from sightings, with all its rows; and one question on a database with ten million rows of evidence.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write as _},
    path::Path,
    process::Command,
};

use carveout_graph::{DependencyGraph, GraphInput, KnownDependency, NOWHERE, ScopeUse, Shape, Sighting};
use carveout_model::{PartyOrigin, Provider, Relation, Scope, ScopeKind, Strength, ThirdParty};
use carveout_warehouse::{GraphRows, PartyRows, Settings, Warehouse};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    Result, Tools,
    measure::{Measured, median_of, run},
    table::{mebibytes, seconds, table},
};

const SCOPES: u32 = 500;
const RESOURCES: u32 = 1_000_000;
const PARTIES: u32 = 5_000;
/// Parties that resources show; the others are reached through them.
const DIRECT: u32 = 4_000;
/// Parties that are seen in every scope.
const EVERYWHERE: u32 = 20;
/// Parties that are seen in one scope.
const PER_SCOPE: u32 = 120;
const BETWEEN_PARTIES: u32 = 20_000;
/// All edges together.
const EDGES: u32 = 10_000_000;
const SIGHTINGS: u32 = EDGES - SCOPES - RESOURCES - BETWEEN_PARTIES;

const FIRST_RESOURCE: u32 = 1 + SCOPES;
const FIRST_PARTY: u32 = FIRST_RESOURCE + RESOURCES;
const NODES: u32 = FIRST_PARTY + PARTIES;

/// A party that is asked for.
const ASKED: &str = "party-0042";
const REPEATS: usize = 5;

fn scope_of(resource: u32) -> u32 {
    resource % SCOPES
}

/// The `nth` party that a resource shows; those of one resource differ.
fn party_of(resource: u32, nth: u32) -> u32 {
    let scope = scope_of(resource);
    let slot = (resource / SCOPES + nth * 7) % PER_SCOPE;
    if slot < EVERYWHERE { slot } else { EVERYWHERE + (scope * 97 + slot * 31) % (DIRECT - EVERYWHERE) }
}

/// (resource, party), as many as are needed.
fn sightings() -> impl Iterator<Item = (u32, u32)> {
    let (each, more) = (SIGHTINGS / RESOURCES, SIGHTINGS % RESOURCES);
    (0..RESOURCES).flat_map(move |resource| {
        (0..each + u32::from(resource < more)).map(move |nth| (resource, party_of(resource, nth)))
    })
}

/// (dependent party, party): four from each, two of them to the parties that nothing else shows.
fn between_parties() -> impl Iterator<Item = (u32, u32)> {
    (0..BETWEEN_PARTIES).map(|index| {
        let (from, nth) = (index % PARTIES, index / PARTIES);
        let step = (index as u64 * 2_654_435_761 % 4_294_967_291) as u32;
        let to = if nth < 2 { DIRECT + step % (PARTIES - DIRECT) } else { step % DIRECT };
        (from, if to == from { (to + 1) % PARTIES } else { to })
    })
}

/// What both find. The sum of all dominators stands for the list.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Answers {
    edges: usize,
    reached: usize,
    dominators: u64,
    cut_vertices: usize,
}

/// `carveout-bench graph shape FILE`: reads the edges and answers.
fn shape(file: &str) -> Result<()> {
    let bytes = fs::read(file)?;
    let mut edges = Vec::with_capacity(EDGES as usize);
    let mut numbers = [0_u32; 2];
    let mut field = 0;
    for byte in bytes {
        match byte {
            b'0'..=b'9' => numbers[field] = numbers[field] * 10 + u32::from(byte - b'0'),
            b' ' => field = 1,
            _ => {
                edges.push((numbers[0], numbers[1]));
                numbers = [0; 2];
                field = 0;
            }
        }
    }
    let shape = Shape::new(NODES as usize, &edges);
    drop(edges);
    let answers = Answers {
        edges: shape.edges(),
        reached: shape.distances(0).order.len() - 1,
        dominators: shape.dominators(0).into_iter().filter(|at| *at != NOWHERE).map(u64::from).sum(),
        cut_vertices: shape.cut_vertices().into_iter().filter(|is_cut| *is_cut).count(),
    };
    writeln!(io::stdout(), "{}", serde_json::to_string(&answers)?)?;
    Ok(())
}

/// The estate as the product sees it.
struct Estate {
    scopes: Vec<Scope>,
    resources: Vec<String>,
    parties: Vec<ThirdParty>,
    known: Vec<KnownDependency>,
}

fn account(scope: u32) -> String {
    format!("{:012}", 100_000_000_000 + u64::from(scope))
}

fn party_id(party: u32) -> String {
    format!("party-{party:04}")
}

impl Estate {
    fn new() -> Self {
        let scope = |at: u32| Scope {
            provider: Provider::Aws,
            scope_id: account(at),
            kind: ScopeKind::Account,
            parent_id: None,
            name: None,
            status: "active".to_owned(),
            raw: serde_json::Value::Null,
        };
        let party = |at: u32| ThirdParty {
            party_id: party_id(at),
            name: format!("Party {at}"),
            domain: None,
            category: None,
            service_model: None,
            origin: PartyOrigin::Directory,
            in_register: false,
            relation_strength: None,
        };
        let known = |(from, to): (u32, u32)| KnownDependency {
            party_id: party_id(from),
            party_name: String::new(),
            depends_on: party_id(to),
            depends_on_name: String::new(),
            relation: Relation::SubserviceOf,
            confidence: 0.5,
        };
        let resource = |at: u32| format!("arn:aws:iam::{}:role/workload-{at:07}", account(scope_of(at)));
        Self {
            scopes: (0..SCOPES).map(scope).collect(),
            resources: (0..RESOURCES).map(resource).collect(),
            parties: (0..PARTIES).map(party).collect(),
            known: between_parties().map(known).collect(),
        }
    }

    fn graph(&self) -> DependencyGraph {
        let uses: Vec<ScopeUse<'_>> =
            self.scopes.iter().map(|scope| ScopeUse { scope, resources: u64::from(RESOURCES / SCOPES) }).collect();
        let input = GraphInput {
            organization: "bench",
            scopes: &uses,
            parties: &self.parties,
            reports: &[],
            known_dependencies: &self.known,
            resolve_name: &|_| None,
        };
        let strength = |party: u32| Strength::ALL[party as usize % Strength::ALL.len()];
        let rows = sightings().map(|(resource, party)| Sighting {
            party_id: &self.parties[party as usize].party_id,
            resource_key: &self.resources[resource as usize],
            scope: Some((Provider::Aws, &self.scopes[scope_of(resource) as usize].scope_id)),
            relation: Relation::ReadsData,
            strength: strength(party),
            relation_confidence: 0.9,
            attribution_confidence: 0.9,
        });
        DependencyGraph::build(&input, rows)
    }
}

/// What the rows of the graph say of the parties, to be compared with the answers node by node.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Derived {
    nodes: usize,
    edges: usize,
    parties_reached: usize,
}

/// `carveout-bench graph derive`: from sightings to all rows.
fn derive() -> Result<()> {
    let graph = Estate::new().graph();
    let derived =
        Derived { nodes: graph.nodes().len(), edges: graph.edges().len(), parties_reached: graph.reach().len() };
    writeln!(io::stdout(), "{}", serde_json::to_string(&derived)?)?;
    Ok(())
}

/// `carveout-bench graph store DATABASE`: a published database of that size.
fn store(database: &str) -> Result<()> {
    let estate = Estate::new();
    let graph = estate.graph();
    let mut warehouse = Warehouse::open(Path::new(database), &Settings::default())?;
    let mut sealing = warehouse.revise(Timestamp::now())?;
    sealing.write_parties(&PartyRows { third_parties: &estate.parties, ..PartyRows::default() })?;
    sealing.write_graph(&GraphRows {
        nodes: graph.nodes(),
        edges: graph.edges(),
        reach: graph.reach(),
        concentration: graph.concentration(),
    })?;
    drop((graph, estate));
    sealing.query(&format!("{} FROM range({RESOURCES}) AS made (number)", include_str!("resources.sql")), &[])?;
    sealing.query(&format!("{} FROM range({EDGES}) AS made (number)", include_str!("evidence.sql")), &[])?;
    sealing.commit()?;
    warehouse.publish()?;
    Ok(())
}

/// One of the processes that are measured.
pub fn child(arguments: &[&str]) -> Result<()> {
    match arguments {
        ["shape", file] => shape(file),
        ["derive"] => derive(),
        ["store", database] => store(database),
        _ => Err(format!("unknown arguments: {}", arguments.join(" ")).into()),
    }
}

fn write_edges(path: &Path) -> Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    for scope in 0..SCOPES {
        writeln!(file, "0 {}", 1 + scope)?;
    }
    for resource in 0..RESOURCES {
        writeln!(file, "{} {}", 1 + scope_of(resource), FIRST_RESOURCE + resource)?;
    }
    for (resource, party) in sightings() {
        writeln!(file, "{} {}", FIRST_RESOURCE + resource, FIRST_PARTY + party)?;
    }
    for (from, to) in between_parties() {
        writeln!(file, "{} {}", FIRST_PARTY + from, FIRST_PARTY + to)?;
    }
    file.flush()?;
    Ok(())
}

/// Measures and writes the table.
pub fn section(tools: &Tools) -> Result<String> {
    let folder = tools.scratch.join("graph");
    fs::create_dir_all(&folder)?;
    let file = folder.join("edges.txt");
    write_edges(&file)?;
    let theirs = run(Command::new(&tools.python).args(["-c", include_str!("rustworkx_graph.py")]).arg(&file), &[0])?;
    let ours = run(Command::new(&tools.bench).args(["graph", "shape"]).arg(&file), &[0])?;
    fs::remove_file(&file)?;
    let (expected, found): (Answers, Answers) =
        (serde_json::from_str(&theirs.stdout)?, serde_json::from_str(&ours.stdout)?);
    if expected != found {
        return Err(format!("rustworkx finds {expected:?} and we find {found:?}").into());
    }
    let derived = run(Command::new(&tools.bench).args(["graph", "derive"]), &[0])?;
    let rows: Derived = serde_json::from_str(&derived.stdout)?;
    let database = folder.join("large.duckdb");
    let stored = run(Command::new(&tools.bench).args(["graph", "store"]).arg(&database), &[0])?;
    let ask = |arguments: &[&str]| {
        median_of(REPEATS, || {
            let mut command = Command::new(&tools.carveout);
            run(command.arg("--database").arg(&database).args(arguments).current_dir(&tools.scratch), &[0])
        })
    };
    let open = ask(&["sql", "SELECT 1"])?;
    let why = ask(&["graph", "why", ASKED])?;
    let row = |what: &str, measured: &Measured| {
        vec![
            what.to_owned(),
            seconds(measured.wall_seconds),
            seconds(measured.cpu_seconds),
            format!("{:.2}", measured.cpu_seconds / theirs.cpu_seconds),
            mebibytes(measured.peak_bytes),
        ]
    };
    let bare = |what: &str, measured: &Measured| {
        let mut row = row(what, measured);
        row[3] = "–".to_owned();
        row
    };
    Ok(table(
        "The graph of 1,000,000 resources, 5,000 parties and 10,000,000 edges",
        &["what", "wall s", "CPU s", "× rustworkx CPU", "peak MiB"],
        &[
            row("rustworkx: reads the edges; closure, dominators, cut vertices", &theirs),
            row("`carveout-graph`: the same edges and questions, node by node", &ours),
            row("`carveout-graph`: from sightings to every row of the graph", &derived),
            bare("a database of that size is made", &stored),
            bare("`carveout sql \"SELECT 1\"` on it, which opens it", &open),
            bare(&format!("`carveout graph why {ASKED}` on it"), &why),
        ],
        &format!(
            "Both find {} nodes reached, {} cut vertices and the same dominators. The derived graph has {} nodes and {} \
             edges, and reaches {} parties. Centrality is counted from {} of its nodes. The database holds {EDGES} rows \
             of evidence; of {REPEATS} runs of a command the one with the middle wall time.",
            found.reached,
            found.cut_vertices,
            rows.nodes,
            rows.edges,
            rows.parties_reached,
            sources(&rows)
        ),
    ))
}

/// How many nodes betweenness is counted from in a graph of this size.
fn sources(_: &Derived) -> usize {
    let mut pairs: Vec<(u32, u32)> = between_parties().map(|(from, to)| (from + 1, to + 1)).collect();
    pairs.extend((0..DIRECT).map(|party| (0, party + 1)));
    Shape::new(PARTIES as usize + 1, &pairs).sources()
}
