//! How deep a JavaScript file nests, told before it is parsed.
//!
//! The parser, its tree and who walks it recurse, and a stack that overflows ends the process: no net
//! catches that. This scan takes tokens only, in one pass and without recursion, and counts what can
//! nest: brackets, and within them the operators of an expression and the heads of a statement, up to
//! where a new expression or statement begins. It never counts less than the tree will have, and on
//! real code not much more. Where a slash may begin a regular expression or divide, and that changes
//! what the rest means, it refuses to tell.

/// The deepest nesting of `source`; `None` where that cannot be told from its tokens.
pub(crate) fn deepest(source: &str) -> Option<usize> {
    Scanner::new(source.as_bytes()).scan()
}

/// What an open bracket is.
#[derive(Clone, Copy, PartialEq)]
enum Bracket {
    /// The file itself.
    File,
    /// `(`; whether it belongs to a statement, as that of `if` does.
    Paren {
        statement: bool,
    },
    Square,
    Brace,
    /// `${` in a template.
    Hole,
}

struct Level {
    bracket: Bracket,
    /// Operators since the last comma or statement.
    operators: usize,
    /// Heads of statements since the last statement that is not part of another.
    heads: usize,
    /// After `case`, until its colon.
    in_case: bool,
}

/// What the last token was.
#[derive(Clone, Copy, PartialEq)]
enum Last {
    /// Nothing yet, `;`, or what else lets a statement begin.
    Boundary,
    /// After which an operand has to come.
    Operator,
    /// `.`, after which keywords are names.
    Dot,
    /// A name, a literal or a closed square bracket.
    Operand,
    /// `)`; whether a statement follows.
    Paren { statement: bool },
    /// `}` of a block, an object or a function.
    Brace,
    /// A word that may be a name or an operator.
    Either,
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    levels: Vec<Level>,
    total: usize,
    deepest: usize,
    last: Last,
    /// Whether the next parenthesis belongs to a statement.
    head: bool,
    /// Whether a name and a colon here would be a label.
    labels: bool,
}

impl<'a> Scanner<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        let mut scanner = Scanner {
            bytes,
            at: 0,
            levels: Vec::new(),
            total: 0,
            deepest: 0,
            last: Last::Boundary,
            head: false,
            labels: true,
        };
        scanner.open(Bracket::File);
        scanner
    }

    fn scan(mut self) -> Option<usize> {
        if self.bytes.starts_with(b"#!") {
            self.skip_line();
        }
        while let Some(byte) = self.peek(0) {
            match byte {
                b'/' if self.peek(1) == Some(b'/') => self.skip_line(),
                b'/' if self.peek(1) == Some(b'*') => self.skip_comment(),
                b'/' => self.slash()?,
                b'"' | b'\'' => self.string(byte),
                b'`' => {
                    self.operator_before_template();
                    self.at += 1;
                    self.template();
                }
                b'0'..=b'9' => self.number(),
                b'.' if self.peek(1).is_some_and(|next| next.is_ascii_digit()) => self.number(),
                _ if is_name(byte) => self.word(),
                b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
                _ => self.punctuator(byte),
            }
        }
        Some(self.deepest)
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    // ---- counting

    fn level(&mut self) -> &mut Level {
        // The level of the file is never closed.
        self.levels.last_mut().expect("the file is open")
    }

    fn grow(&mut self, by: usize) {
        self.total += by;
        self.deepest = self.deepest.max(self.total);
    }

    fn operator(&mut self, count: usize) {
        self.level().operators += count;
        self.grow(count);
    }

    fn head(&mut self) {
        self.level().heads += 1;
        self.grow(1);
    }

    fn open(&mut self, bracket: Bracket) {
        self.levels.push(Level {
            bracket,
            operators: 0,
            heads: 0,
            in_case: false,
        });
        self.grow(1);
    }

    /// Closes the innermost bracket, whatever closes it: code that does not match is no code.
    fn close(&mut self) -> Bracket {
        if self.levels.len() == 1 {
            return Bracket::File;
        }
        let closed = self.levels.pop().expect("more than the file is open");
        self.total -= 1 + closed.operators + closed.heads;
        self.operator(1);
        closed.bracket
    }

    fn new_expression(&mut self) {
        let level = self.level();
        let dropped = std::mem::take(&mut level.operators);
        self.total -= dropped;
    }

    fn new_statement(&mut self) {
        self.new_expression();
        let dropped = std::mem::take(&mut self.level().heads);
        self.total -= dropped;
        self.labels = true;
    }

    /// Before a token that is no `else`: what has ended is no longer counted.
    fn end_statement(&mut self) {
        if self.last == Last::Boundary {
            self.new_statement();
        }
    }

    /// Two operands with nothing between are two statements.
    fn begin_operand(&mut self) {
        match self.last {
            Last::Boundary | Last::Operand | Last::Brace | Last::Paren { statement: false } => {
                self.new_statement();
            }
            _ => {}
        }
    }

    // ---- tokens

    fn skip_line(&mut self) {
        while !self.at_line_end() {
            self.at += 1;
        }
    }

    fn at_line_end(&self) -> bool {
        match self.peek(0) {
            None | Some(b'\n' | b'\r') => true,
            Some(0xE2) => self.peek(1) == Some(0x80) && matches!(self.peek(2), Some(0xA8 | 0xA9)),
            Some(_) => false,
        }
    }

    fn skip_comment(&mut self) {
        let rest = &self.bytes[self.at + 2..];
        let length = memchr::memmem::find(rest, b"*/").map_or(rest.len(), |end| end + 2);
        self.at += 2 + length;
    }

    fn string(&mut self, quote: u8) {
        self.begin_operand();
        self.at += 1;
        while let Some(byte) = self.peek(0) {
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                b'\n' | b'\r' => break,
                _ if byte == quote => break,
                _ => {}
            }
        }
        self.last = Last::Operand;
        self.labels = false;
    }

    /// A template after an operand is a call.
    fn operator_before_template(&mut self) {
        self.end_statement();
        self.operator(1);
    }

    /// The text of a template, up to its end or a hole.
    fn template(&mut self) {
        while let Some(byte) = self.peek(0) {
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                b'`' => break,
                b'$' if self.peek(0) == Some(b'{') => {
                    self.at += 1;
                    self.open(Bracket::Hole);
                    self.last = Last::Operator;
                    return;
                }
                _ => {}
            }
        }
        self.last = Last::Operand;
    }

    fn number(&mut self) {
        self.begin_operand();
        while self
            .peek(0)
            .is_some_and(|byte| is_name(byte) || byte == b'.')
        {
            self.at += 1;
        }
        self.last = Last::Operand;
        self.labels = false;
    }

    fn word(&mut self) {
        let start = self.at;
        while self.peek(0).is_some_and(is_name) {
            self.at += 1;
        }
        let word = &self.bytes[start..self.at];
        if self.last == Last::Dot {
            self.last = Last::Operand;
            return;
        }
        match word {
            b"else" => {
                self.head();
                self.last = Last::Operator;
                self.labels = true;
            }
            b"if" | b"for" | b"while" | b"with" | b"do" | b"try" | b"switch" => {
                self.begin_operand();
                self.head();
                self.head = !matches!(word, b"do" | b"try");
                self.last = Last::Operator;
                self.labels = !self.head;
            }
            b"case" | b"default" => {
                self.new_statement();
                self.level().in_case = true;
                self.last = Last::Operator;
            }
            b"in" | b"instanceof" => {
                self.operator(1);
                self.last = Last::Operator;
            }
            b"of" => {
                self.operator(1);
                self.last = Last::Either;
            }
            b"return" | b"throw" | b"new" | b"typeof" | b"void" | b"delete" | b"await"
            | b"yield" | b"function" | b"class" | b"extends" | b"async" | b"import" | b"export"
            | b"var" | b"let" | b"const" => {
                self.begin_operand();
                self.operator(1);
                self.last = Last::Operator;
                self.labels = false;
            }
            _ => {
                self.begin_operand();
                self.last = Last::Operand;
            }
        }
    }

    fn punctuator(&mut self, byte: u8) {
        if !matches!(byte, b')' | b']' | b'}') {
            self.end_statement();
        }
        self.at += 1;
        match byte {
            b';' => self.last = Last::Boundary,
            b',' => {
                self.new_expression();
                self.last = Last::Operator;
                self.labels = false;
            }
            b'(' => {
                let statement = std::mem::take(&mut self.head);
                self.open(Bracket::Paren { statement });
                self.last = Last::Operator;
                self.labels = false;
            }
            b'[' => {
                self.open(Bracket::Square);
                self.last = Last::Operator;
                self.labels = false;
            }
            b'{' => {
                self.open(Bracket::Brace);
                self.last = Last::Operator;
                self.labels = true;
            }
            b')' | b']' | b'}' => self.closing(),
            b':' => self.colon(),
            b'.' => {
                self.operator(1);
                self.last = Last::Dot;
            }
            b'+' | b'-' if self.peek(0) == Some(byte) => {
                self.at += 1;
                self.operator(1);
                // What divides after it does so, whichever side it belongs to.
                if self.last != Last::Operand {
                    self.last = Last::Operator;
                }
            }
            _ => {
                self.operator(1);
                self.last = Last::Operator;
                self.labels = false;
            }
        }
    }

    fn closing(&mut self) {
        match self.close() {
            Bracket::Hole => self.template(),
            Bracket::Paren { statement } => {
                if statement {
                    self.head();
                    self.labels = true;
                }
                self.last = Last::Paren { statement };
            }
            Bracket::Brace => self.last = Last::Brace,
            Bracket::Square | Bracket::File => self.last = Last::Operand,
        }
    }

    fn colon(&mut self) {
        if std::mem::take(&mut self.level().in_case) {
            self.last = Last::Boundary;
        } else if self.labels {
            self.head();
            self.last = Last::Operator;
        } else {
            self.operator(1);
            self.last = Last::Operator;
        }
    }

    // ---- slashes

    /// Division, or a regular expression; `None` where only a parser can know and it matters.
    fn slash(&mut self) -> Option<()> {
        self.end_statement();
        match self.last {
            Last::Operand | Last::Paren { statement: false } => self.divide(),
            Last::Brace | Last::Either => match self.regular_expression() {
                Some(end) => self.either(end)?,
                None => self.divide(),
            },
            _ => match self.regular_expression() {
                Some(end) => self.end_literal(end),
                // It does not end on its line: no parser takes that.
                None => self.divide(),
            },
        }
        Some(())
    }

    fn divide(&mut self) {
        self.at += 1;
        self.operator(1);
        self.last = Last::Operator;
    }

    fn end_literal(&mut self, end: usize) {
        self.at = end;
        self.last = Last::Operand;
        self.labels = false;
    }

    /// After the slash that ends the expression that may begin here.
    fn regular_expression(&self) -> Option<usize> {
        let mut class = false;
        let mut ahead = Scanner {
            levels: Vec::new(),
            at: self.at + 1,
            ..*self
        };
        while !ahead.at_line_end() {
            match ahead.bytes[ahead.at] {
                b'\\' => ahead.at += 1,
                b'[' => class = true,
                b']' => class = false,
                b'/' if !class => return Some(ahead.at + 1),
                _ => {}
            }
            ahead.at += 1;
        }
        None
    }

    /// Takes the text up to `end` as both at once: as a literal, and as operators.
    fn either(&mut self, end: usize) -> Option<()> {
        let text = &self.bytes[self.at + 1..end - 1];
        let escapes = text
            .windows(2)
            .any(|pair| pair[0] == b'\\' && pair[1] != b'u');
        // Nothing but a regular expression has these.
        if !escapes {
            let quotes = memchr::memchr3(b'"', b'\'', b'`', text).is_some();
            if quotes || text.contains(&b';') || text.contains(&b',') || !balanced(text) {
                return None;
            }
            self.operator(text.len() + 2);
        }
        self.end_literal(end);
        Some(())
    }
}

/// Whether brackets close in the order in which they open.
fn balanced(text: &[u8]) -> bool {
    let mut open = Vec::new();
    for byte in text {
        match byte {
            b'(' => open.push(b')'),
            b'[' => open.push(b']'),
            b'{' => open.push(b'}'),
            b')' | b']' | b'}' if open.pop() != Some(*byte) => return false,
            _ => {}
        }
    }
    open.is_empty()
}

/// Names, their escapes, private names, and whatever is not ASCII.
fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'\\' | b'#') || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::deepest;

    fn repeated(part: &str) -> usize {
        deepest(&part.repeat(1000)).unwrap()
    }

    #[test]
    fn deepest_counts_whatever_nests() {
        let nesting = [
            "(",
            "[",
            "{",
            "!",
            "- ",
            "a+",
            "a=>",
            "a?",
            "a?b:",
            "a=",
            "a.",
            "a.b(",
            "[0]",
            "()",
            "new ",
            "await ",
            "typeof ",
            "if(a)",
            "if(a)b;else ",
            "if(a)b,c;else ",
            "for(;;)",
            "while(a)",
            "do ",
            "a:",
            "a:if(b)c,d;else ",
            "`${",
            "``",
            "a\n+",
            "{}+",
            "a**",
            "function(){",
            "class extends ",
            "//\u{2028}!",
            "/'/+",
            "a++/b+",
            "x=/[/]'/+",
            "...",
            "async()=>",
            "yield ",
            "a?.",
            "with(a)",
            "try{",
            "if(a){}else ",
            "`${b}`",
        ];
        for part in nesting {
            let counted = repeated(part);
            assert!(counted >= 1000, "{part}: {counted}");
        }
    }

    #[test]
    fn deepest_forgets_what_has_ended() {
        let flat = [
            "a;",
            "a,",
            "f(a);",
            "a\n",
            "f()\n",
            "var a=b+c,d=e;",
            "if(a){b}",
            "if(a){b}else{c}",
            "function a(){}",
            "class a{b(){}c=1}",
            "case 1:",
            "{a:1},",
            "`${a}`,",
            "(()=>{})(),",
            "'a(b',",
            "/* ( */",
            "a/b/c;",
            "x=/[(]/;",
            "if(a)/(/.test(b);",
            "}",
            "for(;;){a}",
            "while(a)b;",
            "return a\n",
            "try{a}catch{b}",
            "a.case;",
            "//(\n",
        ];
        for part in flat {
            let counted = repeated(part);
            assert!(counted < 60, "{part}: {counted}");
        }
    }

    #[test]
    fn deepest_ambiguous_slash_is_refused_where_it_matters() {
        assert_eq!(deepest("x={}/'+a+a+a/'"), None);
        assert!(deepest("if(a){b}/a\\(b'/.test(c)").is_some());
        assert!(deepest("if(a){b}/ab/.test(c)").is_some());
    }
}
