//! What values are taken apart by, or put into.

use super::{Operand, Parsed, Parser, Targets};
use crate::js_tokens::{Token, Unsure};

impl Parser<'_> {
    /// A pattern and its default.
    pub(super) fn element(&mut self, targets: Targets) -> Parsed {
        self.pattern(targets)?;
        if self.take(Token::Equals)? {
            self.assignment(true)?;
        }
        Ok(())
    }

    /// What a value is taken apart by, or put into. An object or array may also be the beginning of what
    /// it is put into: `{}.a`.
    pub(super) fn pattern(&mut self, targets: Targets) -> Parsed {
        self.nested(|parser| {
            let mark = parser.mark();
            let result = match parser.token() {
                Token::OpenBrace => parser.object_pattern(targets),
                Token::OpenSquare => parser.array_pattern(targets),
                _ => return parser.target(targets),
            };
            let goes_on = matches!(
                parser.token(),
                Token::Dot | Token::OpenSquare | Token::OpenParen
            );
            if result.is_ok() && !goes_on {
                return Ok(());
            }
            parser.begin_again(mark)?;
            parser.target(targets)
        })
    }

    pub(super) fn target(&mut self, targets: Targets) -> Parsed {
        let mark = self.mark();
        let operand = self.operand(true)?;
        if self.nodes.len() == mark.nodes {
            self.steps.truncate(mark.steps);
        }
        match (operand, targets) {
            (Operand::Name(_), _) | (Operand::Member(_), Targets::Anything) => Ok(()),
            // `super.a`, `f().a`, or in parentheses: more than a token says.
            (Operand::Other | Operand::Paren { parameters: false }, Targets::Anything) => Ok(()),
            _ => Err(Unsure),
        }
    }

    pub(super) fn array_pattern(&mut self, targets: Targets) -> Parsed {
        self.advance()?;
        while !self.take(Token::CloseSquare)? {
            if self.take(Token::Comma)? {
                continue;
            }
            self.take(Token::Spread)?;
            self.element(targets)?;
            if !self.at(Token::CloseSquare) {
                self.expect(Token::Comma)?;
            }
        }
        Ok(())
    }

    pub(super) fn object_pattern(&mut self, targets: Targets) -> Parsed {
        self.advance()?;
        while !self.take(Token::CloseBrace)? {
            if self.take(Token::Spread)? {
                self.pattern(targets)?;
            } else {
                self.key()?;
                if self.take(Token::Colon)? {
                    self.element(targets)?;
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
}
