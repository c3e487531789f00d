//! From the pages of a PDF to words with their places, and the ruled lines between them. Everything that a file can make
//! large has a limit: bytes unpacked, operators, forms within forms, words.

use std::collections::HashMap;
use std::rc::Rc;

use lopdf::{DecompressError, Dictionary, Document, Error, LoadOptions, Object, ObjectId, Stream, content::Content};

use super::PdfError;
use super::font::Font;

/// The largest file that is read.
pub const MOST_BYTES: usize = 128 << 20;
/// The most pages.
pub const MOST_PAGES: usize = 5_000;
/// What the object streams of a file may unpack to, together.
const MOST_OBJECT_BYTES: usize = 256 << 20;
/// What the content of one page may unpack to.
const MOST_PAGE_BYTES: usize = 32 << 20;
/// What the content of all pages may unpack to.
const MOST_CONTENT_BYTES: usize = 512 << 20;
/// Operators of one file: a dense page has some thousand.
const MOST_OPERATORS: usize = 20_000_000;
/// Words of one file: 5,000 pages of 1,000 words.
const MOST_WORDS: usize = 5_000_000;
/// Ruled lines of one page; a drawing has more, and is no table.
const MOST_RULES: usize = 4_000;
/// Forms within forms.
const DEEPEST_FORM: usize = 12;
/// What drawing a form takes of the content's budget at least: some 32,000 times in one file.
const LEAST_FORM_BYTES: usize = 16 << 10;

/// A word on a page, in points from the upper left corner of the page as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Word {
    pub text: String,
    pub x0: f64,
    pub x1: f64,
    /// The baseline, downwards.
    pub y: f64,
    pub size: f64,
    pub bold: bool,
    /// A space stands before it in the file, and not only a gap.
    pub spaced: bool,
}

/// A ruled line: horizontal or vertical.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rule {
    pub x0: f64,
    pub y0: f64,
    pub x1: f64,
    pub y1: f64,
}

/// A page as it was drawn, in the order of drawing.
#[derive(Debug, Default)]
pub(super) struct Drawn {
    pub width: f64,
    pub height: f64,
    pub words: Vec<Word>,
    pub rules: Vec<Rule>,
    /// Characters whose font does not say what they read as.
    pub unreadable: usize,
}

/// A file that is open.
pub(super) struct Pages {
    document: Document,
    pages: Vec<ObjectId>,
}

/// What a file may still use.
struct Budget {
    content_bytes: usize,
    operators: usize,
    words: usize,
}

impl Pages {
    /// Opens a file.
    pub(super) fn open(bytes: &[u8]) -> Result<Self, PdfError> {
        if bytes.is_empty() {
            return Err(PdfError::Empty);
        }
        if bytes.len() > MOST_BYTES {
            return Err(PdfError::TooLarge { bytes: bytes.len(), most: MOST_BYTES });
        }
        let head = bytes.get(..1_024).unwrap_or(bytes);
        if !head.windows(5).any(|window| window == b"%PDF-") {
            return Err(PdfError::NotAPdf);
        }
        // The parser finds the pages of a file without its end, and a report without its end looks clean.
        let tail = bytes.get(bytes.len().saturating_sub(2_048)..).unwrap_or(bytes);
        if !tail.windows(5).any(|window| window == b"%%EOF") {
            return Err(PdfError::Damaged { reason: "it breaks off before its end".to_owned() });
        }
        // Object streams are unpacked while the file is opened: the more there are, the less each may have.
        let streams = bytes.windows(7).filter(|window| *window == b"/ObjStm").count();
        let each = (MOST_OBJECT_BYTES / streams.max(1)).clamp(256 << 10, 32 << 20);
        if streams * each > 4 * MOST_OBJECT_BYTES {
            return Err(PdfError::Expands { most: MOST_OBJECT_BYTES });
        }
        let options = LoadOptions::with_max_decompressed_size(each);
        let document = Document::load_mem_with_options(bytes, options).map_err(|error| refused(&error))?;
        if document.is_encrypted() {
            return Err(PdfError::Encrypted);
        }
        let pages: Vec<ObjectId> = document.page_iter().take(MOST_PAGES + 1).collect();
        if pages.is_empty() {
            return Err(PdfError::Damaged { reason: "it has no pages".to_owned() });
        }
        if pages.len() > MOST_PAGES {
            return Err(PdfError::TooManyPages { most: MOST_PAGES });
        }
        Ok(Self { document, pages })
    }

    /// All pages, drawn.
    pub(super) fn draw(&self) -> Result<Vec<Drawn>, PdfError> {
        let mut budget = Budget { content_bytes: MOST_CONTENT_BYTES, operators: MOST_OPERATORS, words: MOST_WORDS };
        let mut fonts = HashMap::new();
        self.pages.iter().map(|page| self.draw_page(*page, &mut budget, &mut fonts)).collect()
    }

    fn draw_page<'d>(
        &'d self,
        page: ObjectId,
        budget: &mut Budget,
        fonts: &mut HashMap<ObjectId, Rc<Font<'d>>>,
    ) -> Result<Drawn, PdfError> {
        let document = &self.document;
        let most = MOST_PAGE_BYTES.min(budget.content_bytes);
        let content = document.get_page_content_with_limit(page, most).map_err(|error| refused(&error))?;
        budget.content_bytes = budget.content_bytes.saturating_sub(content.len());
        let shown = Shown::of(document, page);
        let mut canvas = Canvas {
            document,
            budget,
            fonts,
            drawn: Drawn { width: shown.width, height: shown.height, ..Drawn::default() },
            turned: Vec::new(),
        };
        let resources = inherited(document, page, b"Resources").and_then(|object| object.as_dict().ok());
        canvas.run(&content, resources, shown.to_page, 0)?;
        Ok(canvas.finish())
    }
}

fn refused(error: &Error) -> PdfError {
    match error {
        Error::Decompress(DecompressError::MemoryLimitExceeded { limit }) => PdfError::Expands { most: *limit },
        Error::InvalidPassword | Error::Decryption(_) | Error::UnsupportedSecurityHandler(_) => PdfError::Encrypted,
        other => PdfError::Damaged { reason: other.to_string() },
    }
}

/// A value that a page has or takes from the nodes above it.
fn inherited<'d>(document: &'d Document, page: ObjectId, key: &[u8]) -> Option<&'d Object> {
    let mut node = document.get_dictionary(page).ok()?;
    for _ in 0..64 {
        if let Ok(value) = node.get_deref(key, document) {
            return Some(value);
        }
        node = node.get_deref(b"Parent", document).and_then(Object::as_dict).ok()?;
    }
    None
}

/// The page as it is shown: its size, and the way from its own coordinates.
struct Shown {
    width: f64,
    height: f64,
    to_page: Matrix,
}

impl Shown {
    fn of(document: &Document, page: ObjectId) -> Self {
        let corners = |key: &[u8]| {
            let array = inherited(document, page, key)?.as_array().ok()?;
            let numbers: Vec<f64> = array
                .iter()
                .filter_map(|item| document.dereference(item).ok()?.1.as_float().ok().map(f64::from))
                .collect();
            let [x0, y0, x1, y1] = numbers[..] else { return None };
            let (width, height) = ((x1 - x0).abs(), (y1 - y0).abs());
            (width > 1.0 && height > 1.0).then(|| (x0.min(x1), y0.min(y1), width, height))
        };
        let (x, y, width, height) =
            corners(b"CropBox").or_else(|| corners(b"MediaBox")).unwrap_or((0.0, 0.0, 612.0, 792.0));
        let turn = inherited(document, page, b"Rotate").and_then(|turn| turn.as_i64().ok()).unwrap_or(0);
        let (to_page, width, height) = match turn.rem_euclid(360) {
            90 => (Matrix([0.0, 1.0, 1.0, 0.0, -y, -x]), height, width),
            180 => (Matrix([-1.0, 0.0, 0.0, 1.0, x + width, -y]), width, height),
            270 => (Matrix([0.0, -1.0, -1.0, 0.0, y + height, x + width]), height, width),
            _ => (Matrix([1.0, 0.0, 0.0, -1.0, -x, y + height]), width, height),
        };
        Self { width, height, to_page }
    }
}

/// An affine transformation as PDF writes it.
#[derive(Debug, Clone, Copy)]
struct Matrix([f64; 6]);

impl Matrix {
    const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// First `self`, then `next`.
    fn then(self, next: Self) -> Self {
        let ([a, b, c, d, e, f], [p, q, r, s, t, u]) = (self.0, next.0);
        Self([a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u])
    }

    fn apply(self, x: f64, y: f64) -> (f64, f64) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }

    fn of(operands: &[Object]) -> Option<Self> {
        let mut numbers = [0.0; 6];
        for (number, operand) in numbers.iter_mut().zip(operands.get(..6)?) {
            *number = f64::from(operand.as_float().ok()?);
        }
        Some(Self(numbers))
    }
}

#[derive(Clone)]
struct State<'d> {
    to_page: Matrix,
    font: Option<Rc<Font<'d>>>,
    bold: bool,
    size: f64,
    character_spacing: f64,
    word_spacing: f64,
    scale: f64,
    leading: f64,
    rise: f64,
}

/// A word with the direction that it runs in, before the page's own direction is known.
struct Placed {
    word: Word,
    end: (f64, f64),
    /// Quarter turns of its direction on the page.
    quarter: u8,
}

struct Canvas<'c, 'd> {
    document: &'d Document,
    budget: &'c mut Budget,
    fonts: &'c mut HashMap<ObjectId, Rc<Font<'d>>>,
    drawn: Drawn,
    turned: Vec<Placed>,
}

impl<'d> Canvas<'_, 'd> {
    fn run(
        &mut self,
        content: &[u8],
        resources: Option<&'d Dictionary>,
        to_page: Matrix,
        depth: usize,
    ) -> Result<(), PdfError> {
        let mut state = State {
            to_page,
            font: None,
            bold: false,
            size: 0.0,
            character_spacing: 0.0,
            word_spacing: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
        };
        let mut saved: Vec<State<'d>> = Vec::new();
        let (mut text, mut line) = (Matrix::IDENTITY, Matrix::IDENTITY);
        let mut path: Vec<Rule> = Vec::new();
        let mut pen = (0.0, 0.0);
        // A page that breaks off is read as far as it goes.
        for operation in Content::decode_iter(content).map_while(Result::ok) {
            self.budget.operators =
                self.budget.operators.checked_sub(1).ok_or(PdfError::Expands { most: MOST_OPERATORS })?;
            let operands = operation.operands.as_slice();
            let number = |at: usize| operands.get(at).and_then(|each| each.as_float().ok()).map_or(0.0, f64::from);
            match operation.operator.as_str() {
                "q" if saved.len() < 256 => saved.push(state.clone()),
                "Q" => state = saved.pop().unwrap_or(state),
                "cm" => {
                    if let Some(matrix) = Matrix::of(operands) {
                        state.to_page = matrix.then(state.to_page);
                    }
                }
                "BT" => (text, line) = (Matrix::IDENTITY, Matrix::IDENTITY),
                "Tf" => {
                    (state.font, state.bold) = self.font(resources, operands.first());
                    state.size = number(1);
                }
                "Tc" => state.character_spacing = number(0),
                "Tw" => state.word_spacing = number(0),
                "Tz" => state.scale = number(0) / 100.0,
                "TL" => state.leading = number(0),
                "Ts" => state.rise = number(0),
                "Td" | "TD" => {
                    if operation.operator == "TD" {
                        state.leading = -number(1);
                    }
                    line = Matrix([1.0, 0.0, 0.0, 1.0, number(0), number(1)]).then(line);
                    text = line;
                }
                "Tm" => {
                    line = Matrix::of(operands).unwrap_or(line);
                    text = line;
                }
                "T*" => {
                    line = Matrix([1.0, 0.0, 0.0, 1.0, 0.0, -state.leading]).then(line);
                    text = line;
                }
                "Tj" => self.show(&state, &mut text, operands)?,
                "TJ" => {
                    let items = operands.first().and_then(|each| each.as_array().ok());
                    self.show(&state, &mut text, items.map_or(&[][..], Vec::as_slice))?;
                }
                "'" | "\"" => {
                    if operation.operator == "\"" {
                        (state.word_spacing, state.character_spacing) = (number(0), number(1));
                    }
                    line = Matrix([1.0, 0.0, 0.0, 1.0, 0.0, -state.leading]).then(line);
                    text = line;
                    let at = operands.len().saturating_sub(1);
                    self.show(&state, &mut text, &operands[at..])?;
                }
                "Do" => self.form(resources, operands.first(), &state, depth)?,
                "m" => pen = state.to_page.apply(number(0), number(1)),
                "l" => {
                    let end = state.to_page.apply(number(0), number(1));
                    path.push(Rule { x0: pen.0, y0: pen.1, x1: end.0, y1: end.1 });
                    pen = end;
                }
                "re" => rectangle(&mut path, state.to_page, number(0), number(1), number(2), number(3)),
                "S" | "s" | "f" | "F" | "f*" | "B" | "B*" | "b" | "b*" => self.rule(&mut path),
                "n" => path.clear(),
                _ => {}
            }
            if path.len() > MOST_RULES {
                path.clear();
            }
        }
        Ok(())
    }

    fn font(&mut self, resources: Option<&'d Dictionary>, name: Option<&Object>) -> (Option<Rc<Font<'d>>>, bool) {
        let document = self.document;
        let found = (|| {
            let fonts = resources?.get_deref(b"Font", document).ok()?.as_dict().ok()?;
            let object = fonts.get(name?.as_name().ok()?).ok()?;
            let (_, font) = document.dereference(object).ok()?;
            Some((object.as_reference().ok(), font.as_dict().ok()?))
        })();
        let Some((id, dictionary)) = found else { return (None, false) };
        let base = dictionary.get_deref(b"BaseFont", document).and_then(Object::as_name).unwrap_or_default();
        let base = String::from_utf8_lossy(base).to_ascii_lowercase();
        let bold = ["bold", "black", "heavy", "semibold"].iter().any(|word| base.contains(word));
        let font = match id {
            Some(id) => Rc::clone(self.fonts.entry(id).or_insert_with(|| Rc::new(Font::new(document, dictionary)))),
            None => Rc::new(Font::new(document, dictionary)),
        };
        (Some(font), bold)
    }

    /// Draws a form within the page.
    fn form(
        &mut self,
        resources: Option<&'d Dictionary>,
        name: Option<&Object>,
        state: &State<'d>,
        depth: usize,
    ) -> Result<(), PdfError> {
        let document = self.document;
        let found: Option<&'d Stream> = (|| {
            let objects = resources?.get_deref(b"XObject", document).ok()?.as_dict().ok()?;
            objects.get_deref(name?.as_name().ok()?, document).ok()?.as_stream().ok()
        })();
        let Some(form) = found else { return Ok(()) };
        let subtype = form.dict.get_deref(b"Subtype", document).and_then(Object::as_name).unwrap_or_default();
        if subtype != b"Form" {
            return Ok(());
        }
        if depth >= DEEPEST_FORM {
            return Err(PdfError::TooDeep { most: DEEPEST_FORM });
        }
        let most = MOST_PAGE_BYTES.min(self.budget.content_bytes);
        let content = form.get_plain_content_with_limit(most).map_err(|error| refused(&error))?;
        // A form that draws others again and again costs at every level, also where it is empty.
        self.budget.content_bytes = self.budget.content_bytes.saturating_sub(content.len().max(LEAST_FORM_BYTES));
        if self.budget.content_bytes == 0 {
            return Err(PdfError::Expands { most: MOST_CONTENT_BYTES });
        }
        let matrix = form.dict.get_deref(b"Matrix", document).and_then(Object::as_array).ok();
        let matrix = matrix.and_then(|array| Matrix::of(array)).unwrap_or(Matrix::IDENTITY);
        let own = form.dict.get_deref(b"Resources", document).and_then(Object::as_dict).ok();
        self.run(&content, own.or(resources), matrix.then(state.to_page), depth + 1)
    }

    /// Shows strings and moves between them.
    fn show(&mut self, state: &State<'d>, text: &mut Matrix, items: &[Object]) -> Result<(), PdfError> {
        let Some(font) = state.font.clone() else { return Ok(()) };
        let mut pending = Pending::default();
        for item in items {
            if let Ok(moved) = item.as_float() {
                let step = -f64::from(moved) / 1000.0 * state.size * state.scale;
                if step > 0.15 * state.size.abs() {
                    self.place(state, &mut pending, *text)?;
                    pending.spaced = true;
                }
                *text = Matrix([1.0, 0.0, 0.0, 1.0, step, 0.0]).then(*text);
                continue;
            }
            let Ok(bytes) = item.as_str() else { continue };
            for code in font.codes(bytes) {
                let spacing = state.character_spacing + if code.is_space { state.word_spacing } else { 0.0 };
                let step = (code.width / 1000.0 * state.size + spacing) * state.scale;
                if code.text.trim().is_empty() {
                    self.place(state, &mut pending, *text)?;
                    pending.spaced = true;
                } else {
                    if pending.text.is_empty() {
                        pending.start = *text;
                    }
                    self.drawn.unreadable += usize::from(code.text.starts_with(char::REPLACEMENT_CHARACTER));
                    pending.text.push_str(&code.text);
                }
                *text = Matrix([1.0, 0.0, 0.0, 1.0, step, 0.0]).then(*text);
            }
        }
        self.place(state, &mut pending, *text)
    }

    /// Puts a word down that has ended at `end`.
    fn place(&mut self, state: &State<'d>, pending: &mut Pending, end: Matrix) -> Result<(), PdfError> {
        let Pending { text, start, spaced } = std::mem::take(pending);
        if text.is_empty() {
            pending.spaced = spaced;
            return Ok(());
        }
        self.budget.words = self.budget.words.checked_sub(1).ok_or(PdfError::Expands { most: MOST_WORDS })?;
        let whole = start.then(state.to_page);
        let (x0, y0) = whole.apply(0.0, state.rise);
        let (x1, y1) = end.then(state.to_page).apply(0.0, state.rise);
        let [a, b, c, d, ..] = whole.0;
        let size = (c.hypot(d) * state.size).abs();
        // On the page as shown, y runs downwards: text that reads upwards has a negative b.
        let degrees = b.atan2(a).to_degrees() + if state.size < 0.0 { 180.0 } else { 0.0 };
        let quarter = (degrees / 90.0).round();
        let is_skewed = (degrees - quarter * 90.0).abs() > 3.0;
        if is_skewed || !(x0.is_finite() && y0.is_finite() && x1.is_finite() && y1.is_finite()) {
            return Ok(());
        }
        let word = Word { text, x0, x1, y: y0, size, bold: state.bold, spaced };
        let quarter = [0_u8, 1, 2, 3][(quarter.rem_euclid(4.0)) as usize % 4];
        self.turned.push(Placed { word, end: (x1, y1), quarter });
        Ok(())
    }

    fn rule(&mut self, path: &mut Vec<Rule>) {
        for rule in path.drain(..) {
            let (width, height) = ((rule.x1 - rule.x0).abs(), (rule.y1 - rule.y0).abs());
            let is_straight = (width < 1.5) != (height < 1.5);
            if is_straight && self.drawn.rules.len() < MOST_RULES {
                self.drawn.rules.push(Rule {
                    x0: rule.x0.min(rule.x1),
                    y0: rule.y0.min(rule.y1),
                    x1: rule.x0.max(rule.x1),
                    y1: rule.y0.max(rule.y1),
                });
            }
        }
    }

    /// Keeps what runs in the page's main direction, turned upright; the rest are watermarks and marginal notes.
    fn finish(mut self) -> Drawn {
        let mut counts = [0_usize; 4];
        for placed in &self.turned {
            counts[usize::from(placed.quarter)] += placed.word.text.len();
        }
        let main = (0..4_u8).max_by_key(|quarter| (counts[usize::from(*quarter)], 4 - quarter)).unwrap_or(0);
        let (width, height) = (self.drawn.width, self.drawn.height);
        let turn = |x: f64, y: f64| match main {
            1 => (y, width - x),
            2 => (width - x, height - y),
            3 => (height - y, x),
            _ => (x, y),
        };
        for placed in self.turned.into_iter().filter(|placed| placed.quarter == main) {
            let (x0, y) = turn(placed.word.x0, placed.word.y);
            let (x1, _) = turn(placed.end.0, placed.end.1);
            self.drawn.words.push(Word { x0: x0.min(x1), x1: x0.max(x1), y, ..placed.word });
        }
        for rule in &mut self.drawn.rules {
            let ((x0, y0), (x1, y1)) = (turn(rule.x0, rule.y0), turn(rule.x1, rule.y1));
            *rule = Rule { x0: x0.min(x1), y0: y0.min(y1), x1: x0.max(x1), y1: y0.max(y1) };
        }
        if main % 2 == 1 {
            (self.drawn.width, self.drawn.height) = (height, width);
        }
        self.drawn
    }
}

#[derive(Default)]
struct Pending {
    text: String,
    start: Matrix,
    spaced: bool,
}

impl Default for Matrix {
    fn default() -> Self {
        Self::IDENTITY
    }
}

/// The edges of a rectangle; a thin one is a line.
fn rectangle(path: &mut Vec<Rule>, to_page: Matrix, x: f64, y: f64, width: f64, height: f64) {
    let ((x0, y0), (x1, y1)) = (to_page.apply(x, y), to_page.apply(x + width, y + height));
    let across = |y: f64| Rule { x0, y0: y, x1, y1: y };
    let down = |x: f64| Rule { x0: x, y0, x1: x, y1 };
    if (y1 - y0).abs() < 2.5 {
        path.push(across((y0 + y1) / 2.0));
    } else if (x1 - x0).abs() < 2.5 {
        path.push(down((x0 + x1) / 2.0));
    } else {
        path.extend([across(y0), across(y1), down(x0), down(x1)]);
    }
}
