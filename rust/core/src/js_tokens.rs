//! The tokens of a JavaScript module, one at a time, by where they stand.
//!
//! Whether a slash divides or begins a regular expression, and whether a brace ends the hole of a
//! template, is what the parser knows: it asks for those tokens by name.

use std::borrow::Cow;

/// The text of a name, its escapes resolved.
pub(crate) fn name_text(written: &str) -> Result<Cow<'_, str>, Unsure> {
    if !written.contains('\\') {
        return Ok(Cow::Borrowed(written));
    }
    let mut text = String::new();
    let mut parts = written.split("\\u");
    text.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (digits, rest) = match part.strip_prefix('{') {
            Some(braced) => braced.split_once('}').ok_or(Unsure)?,
            None => part.split_at_checked(4).ok_or(Unsure)?,
        };
        let code = u32::from_str_radix(digits, 16).map_err(|_| Unsure)?;
        text.push(char::from_u32(code).ok_or(Unsure)?);
        text.push_str(rest);
    }
    Ok(Cow::Owned(text))
}

/// Where only a whole parser can say what the text means, or the text is none.
#[derive(Debug, PartialEq)]
pub(crate) struct Unsure;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Token {
    End,
    /// A word that is not reserved.
    Name,
    Private,
    Number,
    Text,
    /// A back quote; the text of the template is still to be read.
    Template,
    OpenBrace,
    CloseBrace,
    OpenParen,
    CloseParen,
    OpenSquare,
    CloseSquare,
    Semicolon,
    Comma,
    Dot,
    Spread,
    /// `?.`
    OptionalDot,
    Question,
    Colon,
    /// `=`
    Equals,
    /// `+=` and the like, but for `/=`.
    Assign,
    /// `=>`
    Arrow,
    /// What stands between two operands and nowhere else.
    Binary,
    Star,
    /// `+` or `-`.
    Sign,
    /// `++` or `--`.
    Step,
    /// `!` or `~`.
    Not,
    /// `/`
    Slash,
    /// `/=`
    SlashEquals,
    Break,
    Case,
    Catch,
    Class,
    Const,
    Continue,
    Debugger,
    Default,
    Delete,
    Do,
    Else,
    Enum,
    Export,
    Extends,
    False,
    Finally,
    For,
    Function,
    If,
    Import,
    In,
    Instanceof,
    New,
    Null,
    Return,
    Super,
    Switch,
    This,
    Throw,
    True,
    Try,
    Typeof,
    Var,
    Void,
    While,
    With,
}

impl Token {
    /// Whether it may name a property.
    pub(crate) fn is_word(self) -> bool {
        self == Token::Name || self as u8 >= Token::Break as u8
    }
}

/// Reads tokens; always stands on one.
#[derive(Clone, Copy)]
pub(crate) struct Tokens<'a> {
    bytes: &'a [u8],
    /// Where the token after this one may begin.
    at: usize,
    pub(crate) token: Token,
    pub(crate) start: usize,
    /// Whether a line ended between this token and the one before.
    pub(crate) after_line: bool,
    pub(crate) previous_start: usize,
    pub(crate) previous_end: usize,
}

impl<'a> Tokens<'a> {
    /// Stands on the first token.
    pub(crate) fn new(bytes: &'a [u8]) -> Result<Self, Unsure> {
        let mut tokens = Tokens {
            bytes,
            at: 0,
            token: Token::End,
            start: 0,
            after_line: false,
            previous_start: 0,
            previous_end: 0,
        };
        if bytes.starts_with(b"#!") {
            tokens.skip_line();
        }
        tokens.advance()?;
        Ok(tokens)
    }

    pub(crate) fn text(&self) -> &'a [u8] {
        &self.bytes[self.start..self.at]
    }

    /// The text of a token that has been passed.
    pub(crate) fn text_at(&self, start: u32, end: u32) -> &'a [u8] {
        &self.bytes[start as usize..end as usize]
    }

    /// Moves to the next token.
    pub(crate) fn advance(&mut self) -> Result<(), Unsure> {
        self.previous_start = self.start;
        self.previous_end = self.at;
        self.skip_space()?;
        self.start = self.at;
        self.token = self.scan()?;
        Ok(())
    }

    /// From a slash to behind the regular expression that it begins.
    pub(crate) fn advance_over_regular_expression(&mut self) -> Result<(), Unsure> {
        let mut in_class = false;
        self.at = self.start + 1;
        loop {
            let byte = self.peek(0).ok_or(Unsure)?;
            self.at += 1;
            match byte {
                b'\\' => {
                    self.not_at_line_end()?;
                    self.at += 1;
                }
                b'[' => in_class = true,
                b']' => in_class = false,
                b'/' if !in_class => break,
                b'\n' | b'\r' => return Err(Unsure),
                _ => {}
            }
        }
        while self.peek(0).is_some_and(is_plain_name) {
            self.at += 1;
        }
        self.advance()
    }

    /// From a back quote, or the brace that ends a hole, to the next hole's first token (`true`), or behind the template.
    pub(crate) fn advance_over_template(&mut self) -> Result<bool, Unsure> {
        self.at = self.start + 1;
        loop {
            let rest = self.bytes.get(self.at..).ok_or(Unsure)?;
            self.at += memchr::memchr3(b'`', b'\\', b'$', rest).ok_or(Unsure)? + 1;
            match self.bytes[self.at - 1] {
                b'\\' => self.at += 1,
                b'`' => return self.advance().map(|()| false),
                _ if self.peek(0) == Some(b'{') => {
                    self.at += 1;
                    return self.advance().map(|()| true);
                }
                _ => {}
            }
        }
    }

    /// The token after this one, and whether a line ends between them.
    pub(crate) fn next(&self) -> Result<(Token, bool), Unsure> {
        let mut ahead = *self;
        ahead.advance()?;
        Ok((ahead.token, ahead.after_line))
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn skip_space(&mut self) -> Result<(), Unsure> {
        self.after_line = false;
        while let Some(byte) = self.peek(0) {
            match byte {
                b' ' | b'\t' | 0x0B | 0x0C => self.at += 1,
                b'\n' | b'\r' => {
                    self.after_line = true;
                    self.at += 1;
                }
                b'/' if self.peek(1) == Some(b'/') => self.skip_line(),
                b'/' if self.peek(1) == Some(b'*') => {
                    let rest = &self.bytes[self.at + 2..];
                    let length = memchr::memmem::find(rest, b"*/").ok_or(Unsure)?;
                    self.after_line |= has_line_end(&rest[..length]);
                    self.at += length + 4;
                }
                0x80.. => match self.wide_space() {
                    Some(ends_line) => {
                        self.after_line |= ends_line;
                        self.at += if byte == 0xC2 { 2 } else { 3 };
                    }
                    None => break,
                },
                _ => break,
            }
        }
        Ok(())
    }

    /// Whether white space outside ASCII stands here, and whether it ends a line.
    fn wide_space(&self) -> Option<bool> {
        let (second, third) = (self.peek(1)?, self.peek(2).unwrap_or(0));
        match (self.peek(0)?, second, third) {
            (0xC2, 0xA0, _)
            | (0xE1, 0x9A, 0x80)
            | (0xE2, 0x80, 0x80..=0x8A | 0xAF)
            | (0xE2, 0x81, 0x9F)
            | (0xE3, 0x80, 0x80)
            | (0xEF, 0xBB, 0xBF) => Some(false),
            (0xE2, 0x80, 0xA8 | 0xA9) => Some(true),
            _ => None,
        }
    }

    fn skip_line(&mut self) {
        while let Some(byte) = self.peek(0) {
            if matches!(byte, b'\n' | b'\r') || (byte == 0xE2 && self.wide_space() == Some(true)) {
                break;
            }
            self.at += 1;
        }
    }

    fn not_at_line_end(&self) -> Result<(), Unsure> {
        match self.peek(0) {
            None | Some(b'\n' | b'\r') => Err(Unsure),
            Some(_) => Ok(()),
        }
    }

    fn scan(&mut self) -> Result<Token, Unsure> {
        let Some(byte) = self.peek(0) else {
            return Ok(Token::End);
        };
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' | b'\\' | 0x80.. => self.word(),
            b'0'..=b'9' => self.number(),
            b'.' if self.peek(1).is_some_and(|next| next.is_ascii_digit()) => self.number(),
            b'"' | b'\'' => self.string(byte),
            b'#' => {
                self.at += 1;
                self.word().map(|_| Token::Private)
            }
            _ => self.punctuator(byte),
        }
    }

    fn word(&mut self) -> Result<Token, Unsure> {
        let start = self.at;
        loop {
            match self.peek(0) {
                Some(byte) if is_plain_name(byte) => self.at += 1,
                Some(0x80..) if self.wide_space().is_none() => self.at += 1,
                Some(b'\\') => self.escape()?,
                _ => break,
            }
        }
        if self.at == start {
            return Err(Unsure);
        }
        Ok(reserved(&self.bytes[start..self.at]))
    }

    /// `\u0041` or `\u{41}` in a name.
    fn escape(&mut self) -> Result<(), Unsure> {
        let rest = &self.bytes[self.at..];
        let length = match rest {
            [_, b'u', b'{', ..] => memchr::memchr(b'}', rest).ok_or(Unsure)? + 1,
            [_, b'u', _, _, _, _, ..] => 6,
            _ => return Err(Unsure),
        };
        self.at += length;
        Ok(())
    }

    fn digits(&mut self) {
        while self
            .peek(0)
            .is_some_and(|byte| byte.is_ascii_digit() || byte == b'_')
        {
            self.at += 1;
        }
    }

    fn number(&mut self) -> Result<Token, Unsure> {
        let radix = self.peek(0) == Some(b'0')
            && matches!(self.peek(1), Some(b'x' | b'X' | b'o' | b'O' | b'b' | b'B'));
        if radix {
            self.at += 2;
            while self
                .peek(0)
                .is_some_and(|byte| byte.is_ascii_hexdigit() || byte == b'_')
            {
                self.at += 1;
            }
        } else {
            self.digits();
            if self.peek(0) == Some(b'.') {
                self.at += 1;
                self.digits();
            }
            if matches!(self.peek(0), Some(b'e' | b'E')) {
                self.at += 1;
                if matches!(self.peek(0), Some(b'+' | b'-')) {
                    self.at += 1;
                }
                self.digits();
            }
        }
        if self.peek(0) == Some(b'n') {
            self.at += 1;
        }
        match self.peek(0) {
            Some(byte) if is_plain_name(byte) || byte == b'\\' => Err(Unsure),
            _ => Ok(Token::Number),
        }
    }

    fn string(&mut self, quote: u8) -> Result<Token, Unsure> {
        self.at += 1;
        loop {
            let byte = self.peek(0).ok_or(Unsure)?;
            self.at += 1;
            match byte {
                b'\\' => {
                    let pair = self.peek(0) == Some(b'\r') && self.peek(1) == Some(b'\n');
                    self.at += if pair { 2 } else { 1 };
                }
                b'\n' | b'\r' => return Err(Unsure),
                _ if byte == quote => return Ok(Token::Text),
                _ => {}
            }
        }
    }

    fn punctuator(&mut self, byte: u8) -> Result<Token, Unsure> {
        self.at += 1;
        Ok(match byte {
            b'{' => Token::OpenBrace,
            b'}' => Token::CloseBrace,
            b'(' => Token::OpenParen,
            b')' => Token::CloseParen,
            b'[' => Token::OpenSquare,
            b']' => Token::CloseSquare,
            b';' => Token::Semicolon,
            b',' => Token::Comma,
            b':' => Token::Colon,
            b'~' => Token::Not,
            b'`' => Token::Template,
            b'.' if self.bytes[self.at..].starts_with(b"..") => {
                self.at += 2;
                Token::Spread
            }
            b'.' => Token::Dot,
            b'?' => self.question(),
            b'=' if self.take(b'>') => Token::Arrow,
            b'=' if self.take(b'=') => self.compared(),
            b'=' => Token::Equals,
            b'!' if self.take(b'=') => self.compared(),
            b'!' => Token::Not,
            b'+' | b'-' if self.take(byte) => Token::Step,
            b'+' | b'-' => self.or_assign(Token::Sign),
            b'*' if self.take(b'*') => self.or_assign(Token::Binary),
            b'*' => self.or_assign(Token::Star),
            b'/' if self.take(b'=') => Token::SlashEquals,
            b'/' => Token::Slash,
            b'<' | b'&' | b'|' if self.take(byte) => self.or_assign(Token::Binary),
            b'>' if self.take(b'>') => {
                self.take(b'>');
                self.or_assign(Token::Binary)
            }
            b'<' | b'>' => {
                self.take(b'=');
                Token::Binary
            }
            b'%' | b'&' | b'|' | b'^' => self.or_assign(Token::Binary),
            _ => return Err(Unsure),
        })
    }

    fn question(&mut self) -> Token {
        if self.take(b'?') {
            self.or_assign(Token::Binary)
        } else if self.peek(0) == Some(b'.')
            && !self.peek(1).is_some_and(|next| next.is_ascii_digit())
        {
            self.at += 1;
            Token::OptionalDot
        } else {
            Token::Question
        }
    }

    fn compared(&mut self) -> Token {
        self.take(b'=');
        Token::Binary
    }

    fn or_assign(&mut self, token: Token) -> Token {
        if self.take(b'=') {
            Token::Assign
        } else {
            token
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let taken = self.peek(0) == Some(byte);
        self.at += usize::from(taken);
        taken
    }
}

fn is_plain_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$'
}

fn has_line_end(text: &[u8]) -> bool {
    memchr::memchr2(b'\n', b'\r', text).is_some()
        || text
            .windows(3)
            .any(|three| matches!(three, [0xE2, 0x80, 0xA8 | 0xA9]))
}

fn reserved(word: &[u8]) -> Token {
    if word.len() < 2 || word.len() > 10 {
        return Token::Name;
    }
    match word {
        b"break" => Token::Break,
        b"case" => Token::Case,
        b"catch" => Token::Catch,
        b"class" => Token::Class,
        b"const" => Token::Const,
        b"continue" => Token::Continue,
        b"debugger" => Token::Debugger,
        b"default" => Token::Default,
        b"delete" => Token::Delete,
        b"do" => Token::Do,
        b"else" => Token::Else,
        b"enum" => Token::Enum,
        b"export" => Token::Export,
        b"extends" => Token::Extends,
        b"false" => Token::False,
        b"finally" => Token::Finally,
        b"for" => Token::For,
        b"function" => Token::Function,
        b"if" => Token::If,
        b"import" => Token::Import,
        b"in" => Token::In,
        b"instanceof" => Token::Instanceof,
        b"new" => Token::New,
        b"null" => Token::Null,
        b"return" => Token::Return,
        b"super" => Token::Super,
        b"switch" => Token::Switch,
        b"this" => Token::This,
        b"throw" => Token::Throw,
        b"true" => Token::True,
        b"try" => Token::Try,
        b"typeof" => Token::Typeof,
        b"var" => Token::Var,
        b"void" => Token::Void,
        b"while" => Token::While,
        b"with" => Token::With,
        _ => Token::Name,
    }
}
