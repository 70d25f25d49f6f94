//! Gaps in declarations: the columns of fields, of grouped constants and variables, and of grouped
//! types. Follows `go/printer`.

use super::layout::{Gap, Layout};
use crate::go::syntax::{Kind, Node, Op, Role};

impl Layout<'_> {
    /// All declarations of a file or of a part of it.
    pub(super) fn decls(&mut self, file: Node<'_>) {
        for decl in file.children() {
            let at = self.first(decl);
            let section = decl.kind() == Kind::FuncDecl && self.is_multiline(decl);
            self.set(at, Gap::Break { section, most: 2 });
            self.decl(decl);
        }
    }

    pub(super) fn decl(&mut self, node: Node<'_>) {
        match node.kind() {
            Kind::GenDecl => self.gen_decl(node),
            Kind::FuncDecl => {
                for part in node.children().filter(|c| c.role() != Role::Body) {
                    self.expr(part, 1);
                }
                if let Some(body) = node.child(Role::Body) {
                    self.func_body(node, body, Gap::Cells(1));
                }
            }
            _ => {}
        }
    }

    fn gen_decl(&mut self, node: Node<'_>) {
        let Some(specs) = node.child(Role::Specs) else { return };
        let specs: Vec<_> = specs.children().collect();
        let open = self.next(self.first(node));
        if !self.is(open, "(") {
            return specs.iter().for_each(|spec| self.parts(*spec));
        }
        let keeps = keeps_type_column(&specs);
        let mut section = true;
        for (nth, spec) in specs.iter().enumerate() {
            let at = self.first(*spec);
            let most = if nth == 0 { 1 } else { 2 };
            self.set(at, Gap::Break { section, most });
            self.parts(*spec);
            if specs.len() > 1 {
                match node.op() {
                    Op::Type => self.type_spec(*spec),
                    _ => self.value_spec(*spec, keeps[nth]),
                }
            }
            section = self.is_multiline(*spec);
        }
        let close = self.last(node);
        self.set(close, Gap::Break { section: true, most: 1 });
    }

    fn type_spec(&mut self, spec: Node<'_>) {
        let head = spec.child(Role::TypeParams).or_else(|| spec.child(Role::Name));
        if let Some(head) = head {
            let at = self.after(head);
            self.set(at, Gap::Cells(1));
        }
    }

    fn value_spec(&mut self, spec: Node<'_>, keeps_type: bool) {
        let (ty, values) = (spec.child(Role::Type), spec.child(Role::Value));
        let mut missing = 3;
        if let Some(ty) = ty {
            let at = self.first(ty);
            self.set(at, Gap::Cells(1));
            missing -= 1;
        } else if keeps_type {
            missing -= 1;
        }
        if values.is_some() {
            if let Some(before) = ty.or_else(|| spec.child(Role::Name)) {
                let assign = self.after(before);
                self.set(assign, Gap::Cells(if ty.is_none() && keeps_type { 2 } else { 1 }));
                self.set(assign + 1, Gap::Blank);
            }
            missing -= 1;
        }
        if let Some(comment) = self.line_comment(self.last(spec)) {
            self.set(comment, Gap::Cells(missing));
        }
    }

    /// The fields of a struct or the elements of an interface (`fieldList` of go/printer).
    pub(super) fn fields(&mut self, node: Node<'_>) {
        let is_struct = node.kind() == Kind::StructType;
        let open = self.next(self.first(node));
        let close = self.last(node);
        let list = node.child(Role::Fields).unwrap_or(node);
        let fields: Vec<_> = list.children().collect();
        if fields.is_empty() {
            return;
        }
        for field in &fields {
            self.parts(*field);
        }
        if self.line(open) == self.line(close) && !self.has_comment(open, close) {
            return self.one_line_fields(&fields, open, close);
        }
        self.set(open, Gap::Blank);
        let mut section = true;
        for (nth, field) in fields.iter().enumerate() {
            let at = self.first(*field);
            let most = if nth == 0 { 1 } else { 2 };
            self.set(at, Gap::Break { section, most });
            if is_struct {
                self.field_columns(*field, fields.len() > 1);
            }
            section = self.is_multiline(*field);
        }
        self.set(close, Gap::Break { section: true, most: 1 });
    }

    /// A single short field may stand on one line with its braces.
    fn one_line_fields(&mut self, fields: &[Node<'_>], open: usize, close: usize) {
        const MAX_SIZE: usize = 30;
        let short = match fields {
            [field] if field.child(Role::FieldTag).is_none() => {
                // go/printer counts one for the names, however long they are.
                let names = usize::from(field.child(Role::Name).is_some());
                // Where the type is printed for its size, a method's begins with `func`.
                let func = field.child(Role::Type).filter(|t| t.kind() == Kind::FuncType);
                let func = func.filter(|t| !t.text().starts_with("func")).map_or(0, |_| 4);
                let ty = field.child(Role::Type);
                let size = ty.and_then(|ty| self.width(self.first(ty), self.last(ty)));
                size.is_some_and(|size| names + func + size <= MAX_SIZE)
            }
            _ => false,
        };
        if short {
            self.set(open, Gap::Empty);
            self.set(open + 1, Gap::Blank);
            self.set(close, Gap::Blank);
        } else {
            let inner: Vec<usize> = fields.iter().map(|field| self.first(*field)).collect();
            self.split(open, &inner, close);
        }
    }

    fn field_columns(&mut self, field: Node<'_>, aligned: bool) {
        let (names, ty) = (field.child(Role::Name), field.child(Role::Type));
        let tag = field.child(Role::FieldTag);
        let separator = |cells| if aligned { Gap::Cells(cells) } else { Gap::Blank };
        let mut missing = 2;
        if let (Some(_), Some(ty)) = (names, ty) {
            let at = self.first(ty);
            self.set(at, separator(1));
            missing = 1;
        }
        if let Some(tag) = tag {
            let at = self.first(tag);
            self.set(at, separator(if names.is_some() { 2 } else { 1 }));
            missing = 1;
        }
        if let (Some(comment), true) = (self.line_comment(self.last(field)), aligned) {
            self.set(comment, Gap::Cells(missing));
        }
    }
}

/// For each spec of a group whether the column of types is kept although it may have none
/// (`keepTypeColumn` of go/printer).
fn keeps_type_column(specs: &[Node<'_>]) -> Vec<bool> {
    let mut keeps = vec![false; specs.len()];
    let mut run: Option<usize> = None;
    let mut typed = false;
    for (nth, spec) in specs.iter().enumerate() {
        if spec.child(Role::Value).is_some() {
            if run.is_none() {
                run = Some(nth);
                typed = false;
            }
        } else if let Some(start) = run.take() {
            keeps[start..nth].fill(typed);
        }
        typed |= spec.child(Role::Type).is_some();
    }
    if let Some(start) = run {
        keeps[start..].fill(typed);
    }
    keeps
}
