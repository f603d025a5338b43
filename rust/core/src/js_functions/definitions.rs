//! Functions, classes, and the keys of what they and objects have.

use super::{Accessor, Key, Kind, NONE, Parsed, Parser, Targets};
use crate::js_tokens::{Token, Unsure};

impl Parser<'_> {
    /// From `function`, or the `async` before it.
    pub(super) fn function(&mut self) -> Parsed {
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
    pub(super) fn signature_and_body(&mut self, asynchronous: bool, generator: bool) -> Parsed {
        let (awaits, yields) = (self.awaits, self.yields);
        (self.awaits, self.yields) = (asynchronous, generator);
        self.parameters()?;
        self.block()?;
        (self.awaits, self.yields) = (awaits, yields);
        Ok(())
    }

    pub(super) fn parameters(&mut self) -> Parsed {
        self.expect(Token::OpenParen)?;
        while !self.take(Token::CloseParen)? {
            self.take(Token::Spread)?;
            self.element(Targets::Names)?;
            if !self.at(Token::CloseParen) {
                self.expect(Token::Comma)?;
            }
        }
        Ok(())
    }

    pub(super) fn class(&mut self, declaration: bool) -> Parsed {
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

    pub(super) fn class_member(&mut self) -> Parsed {
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
    pub(super) fn method(
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
    pub(super) fn is_modifier(&self) -> Parsed<bool> {
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

    pub(super) fn modifiers(&mut self) -> Parsed<Modifiers> {
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
    pub(super) fn is_accessor(&self) -> Parsed<bool> {
        Ok(self.is_modifier()? && self.tokens.next()?.0 != Token::Star)
    }

    pub(super) fn key(&mut self) -> Parsed<Key> {
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
}

/// What stands before a key.
pub(super) struct Modifiers {
    pub(super) asynchronous: bool,
    pub(super) generator: bool,
    pub(super) accessor: Accessor,
}
