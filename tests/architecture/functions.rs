//! How long functions are, and how many parameters they have.

use syn::visit::{self, Visit};
use syn::{Block, FnArg, ImplItem, Item, Signature, TraitItem};

use crate::modules::{attributes, is_for_tests};

/// A function or method of the product.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Function {
    pub(crate) name: String,
    /// From its first line to its last, its attributes and documentation aside.
    pub(crate) lines: usize,
    /// Without `self`.
    pub(crate) parameters: usize,
}

/// The functions of a file, those of unit tests aside. A method that a trait only declares has no lines.
pub(crate) fn functions(file: &syn::File) -> Vec<Function> {
    let mut collector = Collector(Vec::new());
    collector.visit_file(file);
    collector.0
}

struct Collector(Vec<Function>);

impl Collector {
    fn add(&mut self, signature: &Signature, block: Option<&Block>) {
        let first = signature.fn_token.span.start().line;
        let lines = block.map_or(0, |block| block.brace_token.span.close().end().line - first + 1);
        let parameters = signature.inputs.iter().filter(|input| matches!(input, FnArg::Typed(_))).count();
        self.0.push(Function { name: signature.ident.to_string(), lines, parameters });
    }
}

impl<'ast> Visit<'ast> for Collector {
    fn visit_item(&mut self, item: &'ast Item) {
        if is_for_tests(attributes(item)) {
            return;
        }
        if let Item::Fn(function) = item {
            self.add(&function.sig, Some(&function.block));
        }
        visit::visit_item(self, item);
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        if let ImplItem::Fn(function) = item {
            if is_for_tests(&function.attrs) {
                return;
            }
            self.add(&function.sig, Some(&function.block));
        }
        visit::visit_impl_item(self, item);
    }

    fn visit_trait_item(&mut self, item: &'ast TraitItem) {
        if let TraitItem::Fn(function) = item {
            self.add(&function.sig, function.default.as_ref());
        }
        visit::visit_trait_item(self, item);
    }
}
