//! Which file imports which, and the circles among them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{ImplItem, Item, ItemMod, ItemUse, Macro, TraitItem, Visibility};

use crate::modules::{Crate, Import, ModulePath, Target, attributes, flatten, is_for_tests};

/// The names that a file takes from each other file of its crate.
pub(crate) type Imports = BTreeMap<(PathBuf, PathBuf), BTreeSet<String>>;

/// A path in the code, and the module that it is in.
#[derive(Debug)]
pub(crate) struct Mention {
    pub(crate) module: ModulePath,
    pub(crate) path: Vec<String>,
    /// Whether it is of a `use`; then a single name may be a module.
    pub(crate) import: Option<Import>,
}

/// All paths of the product code of a file: its unit tests aside, the arguments of macros included.
pub(crate) fn mentions(module: &ModulePath, file: &syn::File) -> Vec<Mention> {
    let mut collector = Collector { module: module.clone(), found: Vec::new() };
    collector.visit_file(file);
    collector.found
}

struct Collector {
    module: ModulePath,
    found: Vec<Mention>,
}

impl Collector {
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    if colons != 2 {
                        self.end(&mut path);
                    }
                    path.push(ident.to_string());
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                TokenTree::Group(group) => {
                    self.end(&mut path);
                    colons = 0;
                    self.tokens(group.stream());
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {
                    self.end(&mut path);
                    colons = 0;
                }
            }
        }
        self.end(&mut path);
    }

    fn end(&mut self, path: &mut Vec<String>) {
        let path = std::mem::take(path);
        if !path.is_empty() {
            self.found.push(Mention { module: self.module.clone(), path, import: None });
        }
    }
}

impl<'ast> Visit<'ast> for Collector {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_for_tests(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        if !matches!(item, ImplItem::Fn(item) if is_for_tests(&item.attrs)) {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_trait_item(&mut self, item: &'ast TraitItem) {
        if !matches!(item, TraitItem::Fn(item) if is_for_tests(&item.attrs)) {
            visit::visit_trait_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        if item.content.is_some() {
            self.module.push(item.ident.to_string());
            visit::visit_item_mod(self, item);
            self.module.pop();
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        for import in flatten(item) {
            let mention =
                Mention { module: self.module.clone(), path: import.path.clone(), import: Some(import) };
            self.found.push(mention);
        }
    }

    /// `pub(in crate::a)` imports nothing.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            let path = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            self.found.push(Mention { module: self.module.clone(), path, import: None });
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.visit_path(&call.path);
        self.tokens(call.tokens.clone());
    }
}

/// The imports between the files of a crate. A `mod` is none, and a re-export is one only if the file uses the name itself.
pub(crate) fn imports(read: &mut Crate) -> Imports {
    let all: Vec<_> =
        read.parsed.iter().map(|(file, (at, parsed))| (file.clone(), mentions(at, parsed))).collect();
    for mention in all.iter().flat_map(|(_, mentions)| mentions) {
        if let (Some(import), Some(module)) = (&mention.import, read.modules.get_mut(&mention.module)) {
            module.imports.push(import.clone());
        }
    }
    let mut found = Imports::new();
    for (file, mentions) in &all {
        for mention in mentions {
            let name = mention.path.last().cloned().unwrap_or_default();
            let there = imported(read, mention).into_iter().filter_map(|module| read.modules.get(&module));
            for module in there.filter(|module| module.file != *file) {
                found.entry((file.clone(), module.file.clone())).or_default().insert(name.clone());
            }
        }
    }
    found
}

/// The modules that a mention imports from: where the name is defined, and the rooms through whose re-exports it goes. A
/// room that the mention is in itself is none of them.
fn imported(read: &Crate, mention: &Mention) -> Vec<ModulePath> {
    if mention.import.as_ref().is_some_and(|import| import.is_re_export) {
        return Vec::new();
    }
    let Some((target, through)) = read.resolve(&mention.module, &mention.path) else { return Vec::new() };
    let defined = match target {
        // A variable may have the name of a module; only a `use` names a module alone.
        Target::Module(_) if mention.import.is_none() && mention.path.len() == 1 => None,
        Target::Module(module) | Target::Item(module) => Some(module),
    };
    let rooms = through.into_iter().filter(|room| !mention.module.starts_with(room));
    defined.into_iter().chain(rooms).collect()
}

/// Files that import each other, directly or by way of others: each set is one circle.
pub(crate) fn circles(imports: &Imports) -> Vec<BTreeSet<PathBuf>> {
    let mut next: BTreeMap<&Path, BTreeSet<&Path>> = BTreeMap::new();
    for (from, to) in imports.keys() {
        next.entry(from).or_default().insert(to);
    }
    let reach: BTreeMap<&Path, BTreeSet<&Path>> =
        next.keys().map(|from| (*from, reachable(&next, from))).collect();
    let mut found: Vec<BTreeSet<PathBuf>> = Vec::new();
    for (from, there) in &reach {
        let circle: BTreeSet<PathBuf> = there
            .iter()
            .filter(|to| reach.get(**to).is_some_and(|back| back.contains(from)))
            .map(|file| (*file).to_owned())
            .collect();
        if !circle.is_empty() && !found.contains(&circle) {
            found.push(circle);
        }
    }
    found
}

fn reachable<'a>(next: &BTreeMap<&'a Path, BTreeSet<&'a Path>>, from: &Path) -> BTreeSet<&'a Path> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![from];
    while let Some(file) = waiting.pop() {
        for to in next.get(file).into_iter().flatten() {
            if found.insert(*to) {
                waiting.push(to);
            }
        }
    }
    found
}

/// The circle and the names that tie it, for people.
pub(crate) fn described(circle: &BTreeSet<PathBuf>, imports: &Imports) -> String {
    let mut text = format!("{} files import each other:\n", circle.len());
    for ((from, to), names) in imports {
        if circle.contains(from) && circle.contains(to) {
            let names: Vec<_> = names.iter().map(String::as_str).collect();
            let _ = writeln!(text, "  {} -> {}: {}", from.display(), to.display(), names.join(", "));
        }
    }
    text
}
