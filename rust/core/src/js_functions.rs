//! The functions of a JavaScript module and what stands around them, read in one pass without a tree.
//!
//! This reads the grammar as far as it says where functions are and what names them; precedence and
//! early errors do not matter for that. What it is not sure of it leaves to a parser of the whole:
//! escapes in names, text that is no module, nesting without end.
//!
//! A parameter or a pattern looks like an expression until the arrow or the equals sign behind it.
//! Where functions were found in one, it is read again as what it turned out to be.

use std::ops::Range;

use crate::js_tokens::{Token, Tokens, Unsure};

/// Nesting that is followed; the stack of a parsing thread has room for it.
const MAX_DEPTH: u32 = 2000;

/// How often the text may be read again, as a multiple of its length: what nests in defaults of
/// parameters is read twice on each level.
const MAX_REREAD: usize = 4;

/// No node.
pub(crate) const NONE: u32 = u32::MAX;

/// A piece of the script, in bytes.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Span {
    pub(crate) fn range(self) -> Range<u32> {
        self.start..self.end
    }
}

/// The key of a property.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Key {
    Word(Span),
    /// A string or a number.
    Literal(Span),
    Computed,
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Accessor {
    None,
    Get,
    Set,
}

/// What a function may be named by; the words are those of the tree that `js-source-scopes` walks.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Kind {
    /// With its own name.
    Function(Option<Span>),
    Arrow,
    Constructor,
    ClassDeclaration(Span),
    ClassExpression(Option<Span>),
    ClassMethod(Key, Accessor),
    /// With its key, `#` and all.
    PrivateMethod(Span),
    MethodProperty(Key),
    /// A getter or setter of an object.
    AccessorProperty(Key, Accessor),
    KeyValue(Span),
    Object,
    Variable(Span),
    /// To a plain name.
    Assignment(Span),
    /// To a member; the last step of its path in [`Functions::steps`].
    MemberAssignment(u32),
}

/// A place in the script where a function is, or that names the functions within.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    /// The innermost node around this one.
    pub(crate) parent: u32,
    pub(crate) span: Span,
}

/// A step of a path such as `a.b["c"]`, and the one before it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    pub(crate) kind: StepKind,
    pub(crate) before: u32,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum StepKind {
    Name(Span),
    This,
    Private,
    ComputedName(Span),
    ComputedLiteral(Span),
    Computed,
}

pub(crate) struct Functions {
    pub(crate) nodes: Vec<Node>,
    pub(crate) steps: Vec<Step>,
}

/// Finds the functions of a module.
pub(crate) fn find(script: &str) -> Result<Functions, Unsure> {
    let mut parser = Parser {
        tokens: Tokens::new(script.as_bytes())?,
        nodes: Vec::new(),
        steps: Vec::new(),
        around: NONE,
        depth: 0,
        awaits: true,
        yields: false,
        reread: MAX_REREAD * script.len(),
    };
    while parser.token() != Token::End {
        parser.statement()?;
    }
    Ok(Functions {
        nodes: parser.nodes,
        steps: parser.steps,
    })
}

/// What an operand turned out to be.
#[derive(Clone, Copy, PartialEq)]
enum Operand {
    Name(Span),
    /// A path from a name or `this`; its last step.
    Member(u32),
    /// An object or array, which a pattern looks like.
    Pattern,
    /// Something in parentheses; whether it can only be parameters.
    Paren {
        parameters: bool,
    },
    /// `async` with arguments.
    AsyncCall,
    /// With operators, so that nothing can be put into it.
    Operation,
    Other,
}

/// What a pattern may put values into.
#[derive(Clone, Copy, PartialEq)]
enum Into {
    /// Names that it declares.
    Names,
    Anything,
}

/// Where reading can begin again.
#[derive(Clone, Copy)]
struct Mark<'a> {
    tokens: Tokens<'a>,
    nodes: usize,
    steps: usize,
    around: u32,
    depth: u32,
    awaits: bool,
    yields: bool,
}

struct Parser<'a> {
    tokens: Tokens<'a>,
    nodes: Vec<Node>,
    steps: Vec<Step>,
    /// The innermost node that is open.
    around: u32,
    depth: u32,
    /// Whether `await` is an operator here.
    awaits: bool,
    yields: bool,
    /// Bytes that may be read again.
    reread: usize,
}

type Parsed<T = ()> = Result<T, Unsure>;

fn offset(at: usize) -> u32 {
    // A script has fewer bytes, see `MAX_SCRIPT_BYTES`.
    u32::try_from(at).unwrap_or(u32::MAX)
}

impl<'a> Parser<'a> {
    // ---- tokens

    fn token(&self) -> Token {
        self.tokens.token
    }

    fn at(&self, token: Token) -> bool {
        self.tokens.token == token
    }

    fn advance(&mut self) -> Parsed {
        self.tokens.advance()
    }

    fn take(&mut self, token: Token) -> Parsed<bool> {
        let there = self.at(token);
        if there {
            self.advance()?;
        }
        Ok(there)
    }

    fn expect(&mut self, token: Token) -> Parsed {
        if self.take(token)? {
            Ok(())
        } else {
            Err(Unsure)
        }
    }

    fn at_name(&self, name: &[u8]) -> bool {
        self.at(Token::Name) && self.tokens.text() == name
    }

    fn span(&self) -> Span {
        Span {
            start: offset(self.tokens.start),
            end: offset(self.tokens.start + self.tokens.text().len()),
        }
    }

    fn name(&mut self) -> Parsed<Span> {
        let span = self.span();
        self.expect(Token::Name)?;
        Ok(span)
    }

    /// The end of a statement, which may not be written.
    fn semicolon(&mut self) -> Parsed {
        let ends = matches!(self.token(), Token::CloseBrace | Token::End) || self.tokens.after_line;
        if self.take(Token::Semicolon)? || ends {
            Ok(())
        } else {
            Err(Unsure)
        }
    }

    // ---- nodes

    fn mark(&self) -> Mark<'a> {
        Mark {
            tokens: self.tokens,
            nodes: self.nodes.len(),
            steps: self.steps.len(),
            around: self.around,
            depth: self.depth,
            awaits: self.awaits,
            yields: self.yields,
        }
    }

    fn begin_again(&mut self, mark: Mark<'a>) -> Parsed {
        let read = self.tokens.start - mark.tokens.start;
        self.reread = self.reread.checked_sub(read).ok_or(Unsure)?;
        self.tokens = mark.tokens;
        self.nodes.truncate(mark.nodes);
        self.steps.truncate(mark.steps);
        self.around = mark.around;
        self.depth = mark.depth;
        self.awaits = mark.awaits;
        self.yields = mark.yields;
        Ok(())
    }

    /// Opens a node; gives it to [`Self::close`].
    fn open(&mut self, kind: Kind, start: usize) -> u32 {
        let node = offset(self.nodes.len());
        self.nodes.push(Node {
            kind,
            parent: self.around,
            span: Span {
                start: offset(start),
                end: offset(start),
            },
        });
        self.around = node;
        node
    }

    fn close(&mut self, node: u32) {
        let end = offset(self.tokens.previous_end);
        let node = &mut self.nodes[node as usize];
        node.span.end = end;
        self.around = node.parent;
    }

    /// Closes a node that is of use only to functions within.
    fn close_names(&mut self, node: u32) {
        self.close(node);
        if self.nodes.len() == node as usize + 1 {
            self.nodes.pop();
        }
    }

    /// Puts what was opened since, and stands in no other node, into `node`.
    fn adopt(&mut self, since: usize, node: u32) {
        let before = self.nodes[node as usize].parent;
        for child in &mut self.nodes[since..node as usize] {
            if child.parent == before {
                child.parent = node;
            }
        }
    }

    fn nested<T>(&mut self, body: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Unsure);
        }
        let result = body(self)?;
        self.depth -= 1;
        Ok(result)
    }

    // ---- statements

    fn statement(&mut self) -> Parsed {
        self.nested(Self::one_statement)
    }

    fn one_statement(&mut self) -> Parsed {
        match self.token() {
            Token::OpenBrace => self.block(),
            Token::Semicolon => self.advance(),
            Token::Var | Token::Const => {
                self.advance()?;
                self.variables(true)?;
                self.semicolon()
            }
            Token::Function => self.function(),
            Token::Class => self.class(true),
            Token::If => {
                self.head()?;
                self.statement()?;
                if self.take(Token::Else)? {
                    self.statement()?;
                }
                Ok(())
            }
            Token::For => self.for_loop(),
            Token::While | Token::With => {
                self.head()?;
                self.statement()
            }
            Token::Do => {
                self.advance()?;
                self.statement()?;
                if !self.at(Token::While) {
                    return Err(Unsure);
                }
                self.head()?;
                self.take(Token::Semicolon).map(|_| ())
            }
            Token::Switch => self.switch(),
            Token::Try => self.try_block(),
            Token::Return | Token::Throw => {
                self.advance()?;
                let bare = matches!(
                    self.token(),
                    Token::Semicolon | Token::CloseBrace | Token::End
                );
                if !bare && !self.tokens.after_line {
                    self.expression(true)?;
                }
                self.semicolon()
            }
            Token::Break | Token::Continue => {
                self.advance()?;
                if self.at(Token::Name) && !self.tokens.after_line {
                    self.advance()?;
                }
                self.semicolon()
            }
            Token::Debugger => {
                self.advance()?;
                self.semicolon()
            }
            Token::Import if !matches!(self.tokens.next()?.0, Token::OpenParen | Token::Dot) => {
                self.import()
            }
            Token::Export => self.export(),
            Token::Name => self.word_statement(),
            _ => {
                self.expression(true)?;
                self.semicolon()
            }
        }
    }

    fn word_statement(&mut self) -> Parsed {
        if self.begins_let()? {
            self.advance()?;
            self.variables(true)?;
            return self.semicolon();
        }
        if self.at_name(b"async") && self.tokens.next()? == (Token::Function, false) {
            return self.function();
        }
        let label = self.tokens.start;
        self.expression(true)?;
        if self.at(Token::Colon) && self.tokens.previous_start == label {
            self.advance()?;
            return self.statement();
        }
        self.semicolon()
    }

    fn begins_let(&self) -> Parsed<bool> {
        Ok(self.at_name(b"let")
            && matches!(
                self.tokens.next()?.0,
                Token::Name | Token::OpenSquare | Token::OpenBrace
            ))
    }

    fn block(&mut self) -> Parsed {
        self.expect(Token::OpenBrace)?;
        while !self.take(Token::CloseBrace)? {
            self.statement()?;
        }
        Ok(())
    }

    /// A keyword and what stands in parentheses behind it.
    fn head(&mut self) -> Parsed {
        self.advance()?;
        self.expect(Token::OpenParen)?;
        self.expression(true)?;
        self.expect(Token::CloseParen)
    }

    fn variables(&mut self, with_in: bool) -> Parsed {
        loop {
            if self.at(Token::Name) {
                let name = self.name()?;
                if self.at(Token::Equals) {
                    let variable = self.open(Kind::Variable(name), name.start as usize);
                    self.advance()?;
                    self.assignment(with_in)?;
                    self.close_names(variable);
                }
            } else {
                self.pattern(Into::Names)?;
                if self.take(Token::Equals)? {
                    self.assignment(with_in)?;
                }
            }
            if !self.take(Token::Comma)? {
                return Ok(());
            }
        }
    }

    fn for_loop(&mut self) -> Parsed {
        self.advance()?;
        if self.at_name(b"await") {
            self.advance()?;
        }
        self.expect(Token::OpenParen)?;
        let mark = self.mark();
        if matches!(self.token(), Token::Var | Token::Const) || self.begins_let()? {
            self.advance()?;
            self.variables(false)?;
        } else if !self.at(Token::Semicolon) {
            self.expression(false)?;
            if !self.at(Token::Semicolon) && self.nodes.len() > mark.nodes {
                self.begin_again(mark)?;
                self.pattern(Into::Anything)?;
            }
        }
        if self.take(Token::In)? {
            self.expression(true)?;
        } else if self.at_name(b"of") {
            self.advance()?;
            self.assignment(true)?;
        } else {
            self.expect(Token::Semicolon)?;
            if !self.at(Token::Semicolon) {
                self.expression(true)?;
            }
            self.expect(Token::Semicolon)?;
            if !self.at(Token::CloseParen) {
                self.expression(true)?;
            }
        }
        self.expect(Token::CloseParen)?;
        self.statement()
    }

    fn switch(&mut self) -> Parsed {
        self.head()?;
        self.expect(Token::OpenBrace)?;
        while !self.take(Token::CloseBrace)? {
            if self.take(Token::Case)? {
                self.expression(true)?;
                self.expect(Token::Colon)?;
            } else if self.take(Token::Default)? {
                self.expect(Token::Colon)?;
            } else {
                self.statement()?;
            }
        }
        Ok(())
    }

    fn try_block(&mut self) -> Parsed {
        self.advance()?;
        self.block()?;
        if self.take(Token::Catch)? {
            if self.take(Token::OpenParen)? {
                self.pattern(Into::Names)?;
                self.expect(Token::CloseParen)?;
            }
            self.block()?;
        }
        if self.take(Token::Finally)? {
            self.block()?;
        }
        Ok(())
    }

    /// `import` without parentheses has no code in it.
    fn import(&mut self) -> Parsed {
        self.advance()?;
        let mut in_braces = false;
        while in_braces || !self.at(Token::Text) {
            match self.token() {
                Token::OpenBrace => in_braces = true,
                Token::CloseBrace => in_braces = false,
                Token::Comma | Token::Star | Token::Text => {}
                token if token.is_word() => {}
                _ => return Err(Unsure),
            }
            self.advance()?;
        }
        self.module()
    }

    fn export(&mut self) -> Parsed {
        self.advance()?;
        match self.token() {
            Token::Default => {
                self.advance()?;
                if self.at(Token::Class) {
                    return self.class(false);
                }
                let asynchronous =
                    self.at_name(b"async") && self.tokens.next()? == (Token::Function, false);
                if self.at(Token::Function) || asynchronous {
                    return self.function();
                }
                self.assignment(true)?;
                self.semicolon()
            }
            Token::OpenBrace => {
                while !self.take(Token::CloseBrace)? {
                    if self.at(Token::End) {
                        return Err(Unsure);
                    }
                    self.advance()?;
                }
                if self.at_name(b"from") {
                    self.advance()?;
                    return self.module();
                }
                self.semicolon()
            }
            Token::Star => {
                self.advance()?;
                if self.at_name(b"as") {
                    self.advance()?;
                    self.advance()?;
                }
                if !self.at_name(b"from") {
                    return Err(Unsure);
                }
                self.advance()?;
                self.module()
            }
            Token::Var | Token::Const | Token::Function | Token::Class | Token::Name => {
                self.statement()
            }
            _ => Err(Unsure),
        }
    }

    /// The address of a module, and attributes.
    fn module(&mut self) -> Parsed {
        self.expect(Token::Text)?;
        if self.at(Token::With) {
            self.advance()?;
            self.object()?;
        }
        self.semicolon()
    }

    // ---- functions and classes

    /// From `function`, or the `async` before it.
    fn function(&mut self) -> Parsed {
        let start = self.tokens.start;
        let asynchronous = self.at(Token::Name);
        if asynchronous {
            self.advance()?;
        }
        self.expect(Token::Function)?;
        let generator = self.take(Token::Star)?;
        let name = if self.at(Token::Name) {
            Some(self.name()?)
        } else {
            None
        };
        let node = self.open(Kind::Function(name), start);
        self.signature_and_body(asynchronous, generator)?;
        self.close(node);
        Ok(())
    }

    /// From the parenthesis before the parameters to the end of the body.
    fn signature_and_body(&mut self, asynchronous: bool, generator: bool) -> Parsed {
        let (awaits, yields) = (self.awaits, self.yields);
        (self.awaits, self.yields) = (asynchronous, generator);
        self.parameters()?;
        self.block()?;
        (self.awaits, self.yields) = (awaits, yields);
        Ok(())
    }

    fn parameters(&mut self) -> Parsed {
        self.expect(Token::OpenParen)?;
        while !self.take(Token::CloseParen)? {
            self.take(Token::Spread)?;
            self.element(Into::Names)?;
            if !self.at(Token::CloseParen) {
                self.expect(Token::Comma)?;
            }
        }
        Ok(())
    }

    /// A pattern and its default.
    fn element(&mut self, into: Into) -> Parsed {
        self.pattern(into)?;
        if self.take(Token::Equals)? {
            self.assignment(true)?;
        }
        Ok(())
    }

    /// What a value is taken apart by, or put into. An object or array may also be the beginning of what
    /// it is put into: `{}.a`.
    fn pattern(&mut self, into: Into) -> Parsed {
        self.nested(|parser| {
            let mark = parser.mark();
            let result = match parser.token() {
                Token::OpenBrace => parser.object_pattern(into),
                Token::OpenSquare => parser.array_pattern(into),
                _ => return parser.target(into),
            };
            let goes_on = matches!(
                parser.token(),
                Token::Dot | Token::OpenSquare | Token::OpenParen
            );
            if result.is_ok() && !goes_on {
                return Ok(());
            }
            parser.begin_again(mark)?;
            parser.target(into)
        })
    }

    fn target(&mut self, into: Into) -> Parsed {
        let mark = self.mark();
        let operand = self.operand(true)?;
        if self.nodes.len() == mark.nodes {
            self.steps.truncate(mark.steps);
        }
        match (operand, into) {
            (Operand::Name(_), _) | (Operand::Member(_), Into::Anything) => Ok(()),
            // `super.a`, `f().a`, or in parentheses: more than a token says.
            (Operand::Other | Operand::Paren { parameters: false }, Into::Anything) => Ok(()),
            _ => Err(Unsure),
        }
    }

    fn array_pattern(&mut self, into: Into) -> Parsed {
        self.advance()?;
        while !self.take(Token::CloseSquare)? {
            if self.take(Token::Comma)? {
                continue;
            }
            self.take(Token::Spread)?;
            self.element(into)?;
            if !self.at(Token::CloseSquare) {
                self.expect(Token::Comma)?;
            }
        }
        Ok(())
    }

    fn object_pattern(&mut self, into: Into) -> Parsed {
        self.advance()?;
        while !self.take(Token::CloseBrace)? {
            if self.take(Token::Spread)? {
                self.pattern(into)?;
            } else {
                self.key()?;
                if self.take(Token::Colon)? {
                    self.element(into)?;
                } else if self.take(Token::Equals)? {
                    self.assignment(true)?;
                }
            }
            if !self.at(Token::CloseBrace) {
                self.expect(Token::Comma)?;
            }
        }
        Ok(())
    }

    fn class(&mut self, declaration: bool) -> Parsed {
        let start = self.tokens.start;
        self.expect(Token::Class)?;
        let name = if self.at(Token::Name) {
            Some(self.name()?)
        } else {
            None
        };
        let kind = match (declaration, name) {
            (true, Some(name)) => Kind::ClassDeclaration(name),
            (true, None) => return Err(Unsure),
            (false, name) => Kind::ClassExpression(name),
        };
        let node = self.open(kind, start);
        if self.take(Token::Extends)? {
            self.nested(|parser| parser.operand(false))?;
        }
        self.expect(Token::OpenBrace)?;
        while !self.take(Token::CloseBrace)? {
            if !self.take(Token::Semicolon)? {
                self.class_member()?;
            }
        }
        self.close(node);
        Ok(())
    }

    fn class_member(&mut self) -> Parsed {
        let start = self.tokens.start;
        if self.at_name(b"static") && self.is_modifier()? {
            self.advance()?;
            if self.at(Token::OpenBrace) {
                let awaits = std::mem::replace(&mut self.awaits, false);
                self.block()?;
                self.awaits = awaits;
                return Ok(());
            }
        }
        let Modifiers {
            asynchronous,
            generator,
            accessor,
        } = self.modifiers()?;
        let nodes = self.nodes.len();
        let private = if self.at(Token::Private) {
            Some(self.span())
        } else {
            None
        };
        // Static ones count as the constructor in the parser's tree, too.
        let is_constructor = accessor == Accessor::None
            && matches!(
                self.tokens.text(),
                b"constructor" | b"'constructor'" | b"\"constructor\""
            );
        let key = if private.is_some() {
            self.advance()?;
            Key::Computed
        } else {
            self.key()?
        };
        if self.at(Token::OpenParen) {
            let kind = match private {
                _ if is_constructor => Kind::Constructor,
                Some(key) => Kind::PrivateMethod(key),
                None => Kind::ClassMethod(key, accessor),
            };
            return self.method(kind, start, nodes, asynchronous, generator);
        }
        if asynchronous || generator || accessor != Accessor::None {
            return Err(Unsure);
        }
        if self.take(Token::Equals)? {
            let awaits = std::mem::replace(&mut self.awaits, false);
            self.assignment(true)?;
            self.awaits = awaits;
        }
        self.semicolon()
    }

    /// A method and the function that it is, from its parameters on.
    fn method(
        &mut self,
        kind: Kind,
        start: usize,
        key: usize,
        asynchronous: bool,
        generator: bool,
    ) -> Parsed {
        let method = self.open(kind, start);
        self.adopt(key, method);
        let function = match kind {
            Kind::Constructor | Kind::AccessorProperty(..) => NONE,
            _ => self.open(Kind::Function(None), start),
        };
        self.signature_and_body(asynchronous, generator)?;
        if function != NONE {
            self.close(function);
        }
        self.close(method);
        Ok(())
    }

    /// Whether the name at hand says something of the property behind it, rather than being its key.
    fn is_modifier(&self) -> Parsed<bool> {
        Ok(!matches!(
            self.tokens.next()?.0,
            Token::OpenParen
                | Token::Equals
                | Token::Semicolon
                | Token::CloseBrace
                | Token::Comma
                | Token::Colon
                | Token::End
        ))
    }

    fn modifiers(&mut self) -> Parsed<Modifiers> {
        let mut modifiers = Modifiers {
            asynchronous: false,
            generator: false,
            accessor: Accessor::None,
        };
        if self.at(Token::Name) {
            match self.tokens.text() {
                b"async" => modifiers.asynchronous = self.is_modifier()? && !self.tokens.next()?.1,
                b"get" if self.is_accessor()? => modifiers.accessor = Accessor::Get,
                b"set" if self.is_accessor()? => modifiers.accessor = Accessor::Set,
                _ => {}
            }
        }
        if modifiers.asynchronous || modifiers.accessor != Accessor::None {
            self.advance()?;
        }
        if modifiers.accessor == Accessor::None {
            modifiers.generator = self.take(Token::Star)?;
        }
        Ok(modifiers)
    }

    /// A field called `get` may end with its line, and a generator follow.
    fn is_accessor(&self) -> Parsed<bool> {
        Ok(self.is_modifier()? && self.tokens.next()?.0 != Token::Star)
    }

    fn key(&mut self) -> Parsed<Key> {
        let span = self.span();
        match self.token() {
            Token::Text | Token::Number => {
                self.advance()?;
                Ok(Key::Literal(span))
            }
            Token::OpenSquare => {
                self.advance()?;
                self.assignment(true)?;
                self.expect(Token::CloseSquare)?;
                Ok(Key::Computed)
            }
            token if token.is_word() => {
                self.advance()?;
                Ok(Key::Word(span))
            }
            _ => Err(Unsure),
        }
    }

    // ---- expressions

    fn expression(&mut self, with_in: bool) -> Parsed {
        self.assignment(with_in)?;
        while self.take(Token::Comma)? {
            self.assignment(with_in)?;
        }
        Ok(())
    }

    /// One expression without commas.
    fn assignment(&mut self, with_in: bool) -> Parsed {
        self.nested(|parser| parser.one_assignment(with_in))
    }

    fn one_assignment(&mut self, with_in: bool) -> Parsed {
        let mark = self.mark();
        if self.yields && self.at_name(b"yield") {
            return self.yielded(with_in);
        }
        let operand = if self.at_name(b"async") && self.tokens.next()? == (Token::Name, false) {
            // `async a =>`: nothing else has two names in a row
            self.advance()?;
            Operand::Name(self.name()?)
        } else {
            self.operators(with_in)?
        };
        match self.token() {
            Token::Arrow if !self.tokens.after_line => self.arrow(operand, mark, with_in)?,
            Token::Equals | Token::Assign | Token::SlashEquals => {
                self.assign(operand, mark, with_in)?
            }
            _ if operand == (Operand::Paren { parameters: true }) => return Err(Unsure),
            Token::Question => {
                self.advance()?;
                self.assignment(true)?;
                self.expect(Token::Colon)?;
                self.assignment(with_in)?;
            }
            _ => {}
        }
        if self.nodes.len() == mark.nodes {
            self.steps.truncate(mark.steps);
        }
        Ok(())
    }

    fn yielded(&mut self, with_in: bool) -> Parsed {
        self.advance()?;
        let bare = matches!(
            self.token(),
            Token::CloseParen
                | Token::CloseSquare
                | Token::CloseBrace
                | Token::Comma
                | Token::Semicolon
                | Token::Colon
                | Token::In
                | Token::End
        );
        if bare || self.tokens.after_line {
            return Ok(());
        }
        self.take(Token::Star)?;
        self.assignment(with_in)
    }

    /// From the arrow on; the parameters were read as an expression.
    fn arrow(&mut self, operand: Operand, mark: Mark<'a>, with_in: bool) -> Parsed {
        let asynchronous = match operand {
            Operand::Name(span) => span.start as usize != mark.tokens.start,
            Operand::Paren { .. } => false,
            Operand::AsyncCall => true,
            _ => return Err(Unsure),
        };
        let again = self.nodes.len() > mark.nodes;
        if again {
            self.begin_again(mark)?;
        }
        let node = self.open(Kind::Arrow, mark.tokens.start);
        let (awaits, yields) = (self.awaits, self.yields);
        (self.awaits, self.yields) = (asynchronous, false);
        if again {
            if asynchronous {
                self.advance()?;
            }
            self.parameters()?;
        }
        self.expect(Token::Arrow)?;
        if self.at(Token::OpenBrace) {
            self.block()?;
        } else {
            self.assignment(with_in)?;
        }
        (self.awaits, self.yields) = (awaits, yields);
        self.close(node);
        Ok(())
    }

    /// From the equals sign on.
    fn assign(&mut self, operand: Operand, mark: Mark<'a>, with_in: bool) -> Parsed {
        let kind = match operand {
            Operand::Name(span) => Kind::Assignment(span),
            Operand::Member(last) => Kind::MemberAssignment(last),
            Operand::Paren { parameters: true } | Operand::AsyncCall | Operand::Operation => {
                return Err(Unsure);
            }
            Operand::Pattern => {
                if self.nodes.len() > mark.nodes {
                    self.begin_again(mark)?;
                    self.pattern(Into::Anything)?;
                }
                self.advance()?;
                return self.assignment(with_in);
            }
            Operand::Paren { parameters: false } | Operand::Other => {
                self.advance()?;
                return self.assignment(with_in);
            }
        };
        let node = self.open(kind, mark.tokens.start);
        self.adopt(mark.nodes, node);
        self.advance()?;
        self.assignment(with_in)?;
        self.close(node);
        if self.nodes.len() == mark.nodes + 1 {
            self.nodes.pop();
        }
        Ok(())
    }

    /// Operands and the operators between them.
    fn operators(&mut self, with_in: bool) -> Parsed<Operand> {
        let mut alone = true;
        loop {
            while self.is_prefix() {
                self.advance()?;
                alone = false;
            }
            let private = self.at(Token::Private);
            let operand = self.operand(alone)?;
            if self.at(Token::Step) && !self.tokens.after_line {
                self.advance()?;
                alone = false;
            }
            let goes_on = match self.token() {
                Token::Binary | Token::Star | Token::Slash | Token::Sign | Token::Instanceof => {
                    true
                }
                Token::In => with_in || private,
                _ => false,
            };
            if !goes_on {
                return Ok(if alone { operand } else { Operand::Operation });
            }
            if operand == (Operand::Paren { parameters: true }) {
                return Err(Unsure);
            }
            alone = false;
            self.advance()?;
        }
    }

    fn is_prefix(&self) -> bool {
        match self.token() {
            Token::Not
            | Token::Sign
            | Token::Step
            | Token::Typeof
            | Token::Void
            | Token::Delete => true,
            Token::Name => self.awaits && self.tokens.text() == b"await",
            _ => false,
        }
    }

    /// An operand with the members and calls behind it. Only one that stands `alone` can be parameters.
    fn operand(&mut self, alone: bool) -> Parsed<Operand> {
        let mut operand = match self.token() {
            Token::New => self.new_object()?,
            _ => self.primary()?,
        };
        if operand == (Operand::Paren { parameters: true }) && !(alone && self.at(Token::Arrow)) {
            return Err(Unsure);
        }
        loop {
            operand = match self.token() {
                Token::OpenParen => {
                    self.arguments()?;
                    let asynchronous = self.at(Token::Arrow)
                        && alone
                        && matches!(operand, Operand::Name(span)
                            if self.tokens.text_at(span.start, span.end) == b"async");
                    if asynchronous {
                        Operand::AsyncCall
                    } else {
                        Operand::Other
                    }
                }
                Token::Template => {
                    self.template()?;
                    Operand::Other
                }
                Token::OptionalDot => {
                    self.advance()?;
                    match self.token() {
                        Token::OpenParen | Token::Template | Token::OpenSquare => {}
                        _ => self.property()?,
                    }
                    Operand::Other
                }
                Token::Dot | Token::OpenSquare => self.member(operand)?,
                _ => return Ok(operand),
            };
        }
    }

    /// The name behind a dot.
    fn property(&mut self) -> Parsed {
        if self.token().is_word() || self.at(Token::Private) {
            self.advance()
        } else {
            Err(Unsure)
        }
    }

    fn member(&mut self, of: Operand) -> Parsed<Operand> {
        let kind = if self.take(Token::Dot)? {
            let span = self.span();
            let private = self.at(Token::Private);
            self.property()?;
            if private {
                StepKind::Private
            } else {
                StepKind::Name(span)
            }
        } else {
            self.advance()?;
            let (first, start) = (self.token(), self.tokens.start);
            self.expression(true)?;
            let single = self.tokens.previous_start == start;
            let span = Span {
                start: offset(start),
                end: offset(self.tokens.previous_end),
            };
            self.expect(Token::CloseSquare)?;
            match first {
                Token::Name if single => StepKind::ComputedName(span),
                Token::Text
                | Token::Number
                | Token::True
                | Token::False
                | Token::Null
                | Token::Slash
                | Token::SlashEquals
                    if single =>
                {
                    StepKind::ComputedLiteral(span)
                }
                _ => StepKind::Computed,
            }
        };
        let before = match of {
            Operand::Name(span) => self.step(StepKind::Name(span), NONE),
            Operand::Member(last) => last,
            _ => return Ok(Operand::Other),
        };
        Ok(Operand::Member(self.step(kind, before)))
    }

    fn step(&mut self, kind: StepKind, before: u32) -> u32 {
        let step = offset(self.steps.len());
        self.steps.push(Step { kind, before });
        step
    }

    fn arguments(&mut self) -> Parsed {
        self.expect(Token::OpenParen)?;
        while !self.take(Token::CloseParen)? {
            self.take(Token::Spread)?;
            self.assignment(true)?;
            if !self.at(Token::CloseParen) {
                self.expect(Token::Comma)?;
            }
        }
        Ok(())
    }

    fn new_object(&mut self) -> Parsed<Operand> {
        self.advance()?;
        if self.take(Token::Dot)? {
            self.property()?;
            return Ok(Operand::Other);
        }
        self.nested(|parser| {
            let mut class = match parser.token() {
                Token::New => parser.new_object()?,
                _ => parser.primary()?,
            };
            if class == (Operand::Paren { parameters: true }) {
                return Err(Unsure);
            }
            loop {
                class = match parser.token() {
                    Token::Dot | Token::OpenSquare => parser.member(class)?,
                    Token::Template => {
                        parser.template()?;
                        Operand::Other
                    }
                    Token::OpenParen => return parser.arguments(),
                    _ => return Ok(()),
                };
            }
        })?;
        Ok(Operand::Other)
    }

    fn primary(&mut self) -> Parsed<Operand> {
        let span = self.span();
        match self.token() {
            Token::Name => {
                if self.at_name(b"async") && self.tokens.next()? == (Token::Function, false) {
                    self.function()?;
                    return Ok(Operand::Other);
                }
                self.advance()?;
                Ok(Operand::Name(span))
            }
            Token::This => {
                self.advance()?;
                if matches!(self.token(), Token::Dot | Token::OpenSquare) {
                    let this = self.step(StepKind::This, NONE);
                    return self.member(Operand::Member(this));
                }
                Ok(Operand::Other)
            }
            Token::Super
            | Token::Null
            | Token::True
            | Token::False
            | Token::Number
            | Token::Text => {
                self.advance()?;
                Ok(Operand::Other)
            }
            Token::Import => {
                self.advance()?;
                if self.take(Token::Dot)? {
                    self.property()?;
                }
                Ok(Operand::Other)
            }
            Token::Private => {
                self.advance()?;
                if self.at(Token::In) {
                    Ok(Operand::Other)
                } else {
                    Err(Unsure)
                }
            }
            Token::Slash | Token::SlashEquals => {
                self.tokens.advance_over_regular_expression()?;
                Ok(Operand::Other)
            }
            Token::Template => {
                self.template()?;
                Ok(Operand::Other)
            }
            Token::Function => {
                self.function()?;
                Ok(Operand::Other)
            }
            Token::Class => {
                self.class(false)?;
                Ok(Operand::Other)
            }
            Token::OpenParen => self.paren(),
            Token::OpenSquare => {
                self.array()?;
                Ok(Operand::Pattern)
            }
            Token::OpenBrace => {
                self.object()?;
                Ok(Operand::Pattern)
            }
            _ => Err(Unsure),
        }
    }

    fn template(&mut self) -> Parsed {
        while self.tokens.advance_over_template()? {
            self.expression(true)?;
            if !self.at(Token::CloseBrace) {
                return Err(Unsure);
            }
        }
        Ok(())
    }

    fn paren(&mut self) -> Parsed<Operand> {
        self.advance()?;
        let mut parameters = self.at(Token::CloseParen);
        while !self.at(Token::CloseParen) {
            if self.take(Token::Spread)? {
                parameters = true;
                self.pattern(Into::Anything)?;
            } else {
                self.assignment(true)?;
            }
            if !self.at(Token::CloseParen) {
                self.expect(Token::Comma)?;
                parameters |= self.at(Token::CloseParen);
            }
        }
        self.advance()?;
        Ok(Operand::Paren { parameters })
    }

    fn array(&mut self) -> Parsed {
        self.advance()?;
        while !self.take(Token::CloseSquare)? {
            if self.take(Token::Comma)? {
                continue;
            }
            self.take(Token::Spread)?;
            self.assignment(true)?;
            if !self.at(Token::CloseSquare) {
                self.expect(Token::Comma)?;
            }
        }
        Ok(())
    }

    fn object(&mut self) -> Parsed {
        let object = self.open(Kind::Object, self.tokens.start);
        self.expect(Token::OpenBrace)?;
        while !self.take(Token::CloseBrace)? {
            if self.take(Token::Spread)? {
                self.assignment(true)?;
            } else {
                self.object_member()?;
            }
            if !self.at(Token::CloseBrace) {
                self.expect(Token::Comma)?;
            }
        }
        self.close_names(object);
        Ok(())
    }

    fn object_member(&mut self) -> Parsed {
        let start = self.tokens.start;
        let Modifiers {
            asynchronous,
            generator,
            accessor,
        } = self.modifiers()?;
        let nodes = self.nodes.len();
        let key = self.key()?;
        if self.at(Token::OpenParen) {
            let kind = match accessor {
                Accessor::None => Kind::MethodProperty(key),
                accessor => Kind::AccessorProperty(key, accessor),
            };
            return self.method(kind, start, nodes, asynchronous, generator);
        }
        if asynchronous || generator || accessor != Accessor::None {
            return Err(Unsure);
        }
        match (self.token(), key) {
            (Token::Colon, Key::Word(span)) => {
                let property = self.open(Kind::KeyValue(span), start);
                self.advance()?;
                self.assignment(true)?;
                self.close_names(property);
                Ok(())
            }
            (Token::Colon, _) => {
                self.advance()?;
                self.assignment(true)
            }
            // Of a pattern.
            (Token::Equals, Key::Word(_)) => {
                self.advance()?;
                self.assignment(true)
            }
            (Token::Comma | Token::CloseBrace, Key::Word(_)) => Ok(()),
            _ => Err(Unsure),
        }
    }
}

struct Modifiers {
    asynchronous: bool,
    generator: bool,
    accessor: Accessor,
}
