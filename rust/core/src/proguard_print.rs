//! Lines of frames in original names, in place of obfuscated ones.

use crate::bytes::padded;
use crate::proguard_index::{IndexedFrame, NameAt, OriginalFrame, Tell};
use crate::written_text::Written;

/// The line that a text begins with, `    at class.method(file:line) rest`, and where its parts are.
pub(crate) struct Obfuscated<'l> {
    pub(crate) text: &'l [u8],
    /// Of the line with its end.
    pub(crate) length: usize,
    /// Where the class is.
    pub(crate) class_at: usize,
    pub(crate) file: &'l str,
    /// Where the closing parenthesis is.
    pub(crate) close: usize,
    /// A last line has no end, and may become several.
    pub(crate) has_end: bool,
}

/// The lines that take the place of one, as they are told.
pub(crate) struct Printed<'p> {
    line: Obfuscated<'p>,
    is_native: bool,
    /// Nothing where the line cannot be printed the short way.
    short: Option<Around>,
    made: usize,
    out: &'p mut Written,
}

/// What is before the class and after the file, with what lies behind, and how long each is.
struct Around {
    before: [u8; AROUND],
    before_bytes: usize,
    after: [u8; AROUND],
    after_bytes: usize,
}

/// Bytes of both that the short way takes: those of `\tat ` and `) ~[app.jar]`.
const AROUND: usize = 16;

/// Bytes of names that the short way takes, as nearly all have.
const CLASS: usize = 128;
const METHOD: usize = 48;
const FILE: usize = 48;

/// Numbers that the short way does not take: those of nine digits.
const LONG_NUMBER: u32 = 100_000_000;

/// Bytes of a line of the short way, and of what is copied behind them.
const SHORT_LINE: usize = 2 * AROUND + CLASS + METHOD + FILE + 32;

impl<'p> Printed<'p> {
    #[inline(always)]
    pub(crate) fn of(line: Obfuscated<'p>, out: &'p mut Written) -> Self {
        Printed {
            is_native: line.file == "Native Method",
            short: Around::of(&line),
            line,
            made: 0,
            out,
        }
    }

    /// Tells how many lines were printed. What no mapping knows is printed as it is.
    pub(crate) fn end(self, is_known: bool) -> usize {
        if !is_known {
            self.out.push(&self.line.text[..self.line.length]);
        } else if !self.line.has_end && self.made > 0 {
            self.out.pop();
        }
        self.made
    }

    /// Not to be in the way of the short one.
    #[inline(never)]
    fn tell_aside(&mut self, frame: OriginalFrame<'_>) {
        self.tell(frame);
    }
}

impl Around {
    #[inline(always)]
    fn of(line: &Obfuscated<'_>) -> Option<Self> {
        let (before_bytes, after_bytes) = (line.class_at, line.length - line.close);
        let is_short = line.has_end && before_bytes <= AROUND && after_bytes <= AROUND;
        is_short.then(|| Around {
            before: padded(line.text),
            before_bytes,
            after: padded(&line.text[line.close..]),
            after_bytes,
        })
    }
}

impl Tell for Printed<'_> {
    fn tell(&mut self, frame: OriginalFrame<'_>) {
        self.made += 1;
        let line = &self.line;
        let file = frame.file.filter(|_| !self.is_native);
        let number = match frame.line {
            None | Some(0) => String::new(),
            Some(number) => format!(":{number}"),
        };
        for part in [
            &line.text[..line.class_at],
            frame.class,
            b".",
            frame.method,
            b"(",
            file.unwrap_or(line.file.as_bytes()),
            number.as_bytes(),
            &line.text[line.close..line.length],
        ] {
            self.out.push(part);
        }
        if !line.has_end {
            self.out.push(b"\n");
        }
    }

    #[inline(always)]
    fn tell_indexed(&mut self, bytes: &[u8], frame: IndexedFrame) {
        let number = frame.line.unwrap_or(0);
        let names = (
            frame.class.within::<CLASS>(bytes),
            frame.method.within::<METHOD>(bytes),
            frame.file.within::<FILE>(bytes),
        );
        let is_short = !self.is_native && number < LONG_NUMBER;
        let (Some(around), (Some(class), Some(method), Some(file)), true) =
            (&self.short, names, is_short)
        else {
            return self.tell_aside(frame.named(bytes));
        };
        self.made += 1;
        let mut short = ShortLine {
            room: self.out.room(),
            length: 0,
        };
        short.put(&around.before, around.before_bytes);
        short.put_name(class, frame.class);
        short.put(b".", 1);
        short.put_name(method, frame.method);
        short.put(b"(", 1);
        short.put_name(file, frame.file);
        if number > 0 {
            short.put(b":", 1);
            short.put_number(number);
        }
        short.put(&around.after, around.after_bytes);
        let length = short.length;
        self.out.wrote(length);
    }
}

/// A line that is printed the short way. A call that copies exactly the bytes of a name takes longer than the copying
/// does, so that more are copied, of which the length does not depend on the name, and the next part is written
/// over what is too much.
struct ShortLine<'w> {
    room: &'w mut [u8; SHORT_LINE],
    length: usize,
}

impl ShortLine<'_> {
    /// Appends bytes, of which so many are meant.
    #[inline(always)]
    fn put<const BYTES: usize>(&mut self, bytes: &[u8; BYTES], meant: usize) {
        self.room[self.length..self.length + BYTES].copy_from_slice(bytes);
        self.length += meant;
    }

    #[inline(always)]
    fn put_name<const BYTES: usize>(&mut self, bytes: &[u8; BYTES], name: NameAt) {
        self.put(bytes, name.length as usize);
    }

    /// Appends a number above 0 and below [`LONG_NUMBER`].
    #[inline(always)]
    fn put_number(&mut self, number: u32) {
        let (upper, lower) = (number / 10_000, number % 10_000);
        if upper > 0 {
            self.put_digits(upper);
            self.put(&four_digits(lower), 4);
        } else {
            self.put_digits(lower);
        }
    }

    /// Appends a number above 0 and below 10,000. How many digits it has cannot be foreseen, so there is no branch on
    /// it.
    #[inline(always)]
    fn put_digits(&mut self, number: u32) {
        let digits = u32::from_le_bytes(four_digits(number));
        let zeros = (digits & 0x0f0f_0f0f).trailing_zeros() / 8;
        self.put(&(digits >> (8 * zeros)).to_le_bytes(), 4 - zeros as usize);
    }
}

/// The digits of a number below 10,000, with the zeros before it.
#[inline(always)]
fn four_digits(number: u32) -> [u8; 4] {
    // the first two and the last two, then each of both; the first is in the lowest byte
    let pairs = (number / 100) | ((number % 100) << 16);
    let tens = ((pairs * 103) >> 10) & 0x000f_000f;
    let each = tens | ((pairs - 10 * tens) << 8);
    (each | 0x3030_3030).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_printed_as_the_library_prints_them() {
        let powers = (0..8).map(|digits| 10_u32.pow(digits));
        let edges = powers.flat_map(|power| [power.saturating_sub(1), power, 7 * power + 1]);
        for number in (1..=10_001)
            .chain(edges)
            .chain([12_003_400, LONG_NUMBER - 1])
        {
            if number == 0 {
                continue;
            }
            let mut room = [0; SHORT_LINE];
            let mut line = ShortLine {
                room: &mut room,
                length: 0,
            };
            line.put_number(number);
            let length = line.length;
            assert_eq!(room[..length], *number.to_string().as_bytes());
        }
    }
}
