//! Expressions, as far as they assign or are arrows.

use super::{Kind, Mark, Operand, Parsed, Parser, Targets};
use crate::js_tokens::{Token, Unsure};

impl<'a> Parser<'a> {
    pub(super) fn expression(&mut self, with_in: bool) -> Parsed {
        self.assignment(with_in)?;
        while self.take(Token::Comma)? {
            self.assignment(with_in)?;
        }
        Ok(())
    }

    /// One expression without commas.
    pub(super) fn assignment(&mut self, with_in: bool) -> Parsed {
        self.nested(|parser| parser.one_assignment(with_in))
    }

    pub(super) fn one_assignment(&mut self, with_in: bool) -> Parsed {
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

    pub(super) fn yielded(&mut self, with_in: bool) -> Parsed {
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
    pub(super) fn arrow(&mut self, operand: Operand, mark: Mark<'a>, with_in: bool) -> Parsed {
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
    pub(super) fn assign(&mut self, operand: Operand, mark: Mark<'a>, with_in: bool) -> Parsed {
        let kind = match operand {
            Operand::Name(span) => Kind::Assignment(span),
            Operand::Member(last) => Kind::MemberAssignment(last),
            Operand::Paren { parameters: true } | Operand::AsyncCall | Operand::Operation => {
                return Err(Unsure);
            }
            Operand::Pattern => {
                if self.nodes.len() > mark.nodes {
                    self.begin_again(mark)?;
                    self.pattern(Targets::Anything)?;
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
    pub(super) fn operators(&mut self, with_in: bool) -> Parsed<Operand> {
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

    pub(super) fn is_prefix(&self) -> bool {
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
}
