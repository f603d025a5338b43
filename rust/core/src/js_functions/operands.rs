//! Operands: paths, calls, objects, and what stands in brackets.

use super::definitions::Modifiers;
use super::{
    Accessor, Key, Kind, NONE, Operand, Parsed, Parser, Span, Step, StepKind, Targets, offset,
};
use crate::js_tokens::{Token, Unsure};

impl Parser<'_> {
    /// An operand with the members and calls behind it. Only one that stands `alone` can be parameters.
    pub(super) fn operand(&mut self, alone: bool) -> Parsed<Operand> {
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
    pub(super) fn property(&mut self) -> Parsed {
        if self.token().is_word() || self.at(Token::Private) {
            self.advance()
        } else {
            Err(Unsure)
        }
    }

    pub(super) fn member(&mut self, of: Operand) -> Parsed<Operand> {
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

    pub(super) fn step(&mut self, kind: StepKind, before: u32) -> u32 {
        let step = offset(self.steps.len());
        self.steps.push(Step { kind, before });
        step
    }

    pub(super) fn arguments(&mut self) -> Parsed {
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

    pub(super) fn new_object(&mut self) -> Parsed<Operand> {
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

    pub(super) fn primary(&mut self) -> Parsed<Operand> {
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

    pub(super) fn template(&mut self) -> Parsed {
        while self.tokens.advance_over_template()? {
            self.expression(true)?;
            if !self.at(Token::CloseBrace) {
                return Err(Unsure);
            }
        }
        Ok(())
    }

    pub(super) fn paren(&mut self) -> Parsed<Operand> {
        self.advance()?;
        let mut parameters = self.at(Token::CloseParen);
        while !self.at(Token::CloseParen) {
            if self.take(Token::Spread)? {
                parameters = true;
                self.pattern(Targets::Anything)?;
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

    pub(super) fn array(&mut self) -> Parsed {
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

    pub(super) fn object(&mut self) -> Parsed {
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

    pub(super) fn object_member(&mut self) -> Parsed {
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
