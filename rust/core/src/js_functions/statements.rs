//! Statements, and what a module exports.

use super::{Kind, Parsed, Parser, Targets};
use crate::js_tokens::{Token, Unsure};

impl Parser<'_> {
    pub(super) fn statement(&mut self) -> Parsed {
        self.nested(Self::one_statement)
    }

    pub(super) fn one_statement(&mut self) -> Parsed {
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

    pub(super) fn word_statement(&mut self) -> Parsed {
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

    pub(super) fn begins_let(&self) -> Parsed<bool> {
        Ok(self.at_name(b"let")
            && matches!(
                self.tokens.next()?.0,
                Token::Name | Token::OpenSquare | Token::OpenBrace
            ))
    }

    pub(super) fn block(&mut self) -> Parsed {
        self.expect(Token::OpenBrace)?;
        while !self.take(Token::CloseBrace)? {
            self.statement()?;
        }
        Ok(())
    }

    /// A keyword and what stands in parentheses behind it.
    pub(super) fn head(&mut self) -> Parsed {
        self.advance()?;
        self.expect(Token::OpenParen)?;
        self.expression(true)?;
        self.expect(Token::CloseParen)
    }

    pub(super) fn variables(&mut self, with_in: bool) -> Parsed {
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
                self.pattern(Targets::Names)?;
                if self.take(Token::Equals)? {
                    self.assignment(with_in)?;
                }
            }
            if !self.take(Token::Comma)? {
                return Ok(());
            }
        }
    }

    pub(super) fn for_loop(&mut self) -> Parsed {
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
                self.pattern(Targets::Anything)?;
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

    pub(super) fn switch(&mut self) -> Parsed {
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

    pub(super) fn try_block(&mut self) -> Parsed {
        self.advance()?;
        self.block()?;
        if self.take(Token::Catch)? {
            if self.take(Token::OpenParen)? {
                self.pattern(Targets::Names)?;
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
    pub(super) fn import(&mut self) -> Parsed {
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

    pub(super) fn export(&mut self) -> Parsed {
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
    pub(super) fn module(&mut self) -> Parsed {
        self.expect(Token::Text)?;
        if self.at(Token::With) {
            self.advance()?;
            self.object()?;
        }
        self.semicolon()
    }
}
