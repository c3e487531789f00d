//! The table that a font carries for copying text (`ToUnicode`): which text each character code stands for. Read
//! leniently, as its writers follow the format's frame freely: only the mappings count.

use std::collections::HashMap;

/// More codes than a font of two bytes has.
const MOST_CODES: usize = 70_000;

/// A font's table for copying.
#[derive(Debug, Default)]
pub(super) struct Copying {
    texts: HashMap<u32, String>,
    /// Bytes of a code, where the table says so.
    pub code_length: Option<usize>,
}

impl Copying {
    /// Reads a table; none where there is no mapping in it.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let mut copying = Self::default();
        let mut tokens = Tokens { bytes };
        let mut pending: Vec<Token> = Vec::new();
        let mut within = Within::Nothing;
        while let Some(token) = tokens.next() {
            if copying.texts.len() > MOST_CODES {
                break;
            }
            match &token {
                Token::Word(word) => {
                    within = match word.as_slice() {
                        b"begincodespacerange" => Within::Lengths,
                        b"beginbfchar" => Within::Single,
                        b"beginbfrange" => Within::Ranges,
                        _ => Within::Nothing,
                    };
                    pending.clear();
                    continue;
                }
                Token::Codes(_) | Token::List(_) => pending.push(token),
            }
            match (within, pending.as_slice()) {
                (Within::Nothing, _) => pending.clear(),
                (Within::Lengths, [Token::Codes(low), _]) => {
                    copying.code_length = Some(copying.code_length.unwrap_or(0).max(low.len()));
                    pending.clear();
                }
                (Within::Single, [Token::Codes(code), Token::Codes(text)]) => {
                    copying.texts.insert(number(code), utf16(text, 0));
                    pending.clear();
                }
                (Within::Ranges, [Token::Codes(low), Token::Codes(high), to]) => {
                    let codes = number(low)..=number(high).min(number(low).saturating_add(0xFFFF));
                    match to {
                        Token::Codes(first) => {
                            copying.texts.extend(codes.zip(0..).map(|(code, step)| (code, utf16(first, step))));
                        }
                        Token::List(all) => {
                            copying.texts.extend(codes.zip(all).map(|(code, text)| (code, utf16(text, 0))));
                        }
                        Token::Word(_) => {}
                    }
                    pending.clear();
                }
                _ => {}
            }
        }
        (!copying.texts.is_empty()).then_some(copying)
    }

    /// The text of a code.
    pub(super) fn text(&self, code: u32) -> Option<&str> {
        self.texts.get(&code).map(String::as_str)
    }
}

#[derive(Clone, Copy)]
enum Within {
    Nothing,
    Lengths,
    Single,
    Ranges,
}

enum Token {
    Word(Vec<u8>),
    Codes(Vec<u8>),
    List(Vec<Vec<u8>>),
}

struct Tokens<'b> {
    bytes: &'b [u8],
}

impl Tokens<'_> {
    fn next(&mut self) -> Option<Token> {
        loop {
            let [first, rest @ ..] = self.bytes else { return None };
            match first {
                b'<' if rest.first() == Some(&b'<') => self.bytes = &rest[1..],
                b'<' => return Some(Token::Codes(self.codes())),
                b'[' => {
                    self.bytes = rest;
                    let mut list = Vec::new();
                    while let [next, rest @ ..] = self.bytes {
                        match next {
                            b'<' => list.push(self.codes()),
                            b']' => {
                                self.bytes = rest;
                                break;
                            }
                            _ => self.bytes = rest,
                        }
                    }
                    return Some(Token::List(list));
                }
                b'%' => {
                    let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
                    self.bytes = &rest[end..];
                }
                byte if byte.is_ascii_alphabetic() => {
                    let end =
                        self.bytes.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(self.bytes.len());
                    let (word, rest) = self.bytes.split_at(end);
                    self.bytes = rest;
                    return Some(Token::Word(word.to_vec()));
                }
                _ => self.bytes = rest,
            }
        }
    }

    /// The bytes between angle brackets.
    fn codes(&mut self) -> Vec<u8> {
        let end = self.bytes.iter().position(|byte| *byte == b'>').unwrap_or(self.bytes.len());
        let (digits, rest) = self.bytes.split_at(end);
        self.bytes = rest.get(1..).unwrap_or_default();
        let digits: Vec<u8> = digits
            .iter()
            .filter_map(|digit| char::from(*digit).to_digit(16))
            .filter_map(|digit| u8::try_from(digit).ok())
            .collect();
        digits.chunks(2).map(|pair| pair[0] * 16 + pair.get(1).copied().unwrap_or(0)).collect()
    }
}

fn number(code: &[u8]) -> u32 {
    code.iter().take(4).fold(0, |sum, byte| (sum << 8) | u32::from(*byte))
}

/// UTF-16 with its last unit moved on by `step`, as ranges count.
fn utf16(bytes: &[u8], step: u16) -> String {
    let mut units: Vec<u16> =
        bytes.chunks(2).map(|pair| pair.iter().fold(0, |sum, byte| (sum << 8) | u16::from(*byte))).collect();
    if let Some(last) = units.last_mut() {
        *last = last.wrapping_add(step);
    }
    String::from_utf16_lossy(&units)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mappings_are_read_whatever_frames_them() {
        let table = b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n1 begincodespacerange <0000> <FFFF> endcodespacerange\n\
            2 beginbfchar <0003><0020>\n<0011> <00660069> endbfchar % a ligature\n\
            2 beginbfrange <0024> <0026> <0041> <0030> <0031> [<0061> <D83DDE00>] endbfrange endcmap";
        let copying = Copying::read(table).expect("it has mappings");
        let texts: Vec<_> =
            [3, 0x11, 0x24, 0x26, 0x30, 0x31].iter().map(|code| copying.text(*code).unwrap_or("-")).collect();
        assert_eq!(texts, [" ", "fi", "A", "C", "a", "\u{1F600}"]);
        assert_eq!((copying.text(0x27), copying.code_length), (None, Some(2)));
        assert!(Copying::read(b"begincmap endcmap").is_none());
    }
}
