//! The module tree of a crate: which file defines which name, and where a path leads.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use syn::{Attribute, Item, ItemUse, UseTree, Visibility};

/// A module, by the names from the root of the crate.
pub(crate) type ModulePath = Vec<String>;

/// The source files of one crate, by their path. The examples of the tests are in memory.
pub(crate) type Files = BTreeMap<PathBuf, String>;

/// One `use`, flattened: `use a::{b, c as d}` is two.
#[derive(Debug, Clone)]
pub(crate) struct Import {
    /// The path as it is written.
    pub(crate) path: Vec<String>,
    /// The name that it has afterwards; `None` for `*` and `_`.
    pub(crate) name: Option<String>,
    /// Whether it is `*`.
    pub(crate) is_glob: bool,
    /// Whether others see it too (`pub use`, `pub(crate) use`): then it does not count as an import.
    pub(crate) is_re_export: bool,
}

/// What a module declares.
#[derive(Debug, Default)]
pub(crate) struct Module {
    /// The file that it is in.
    pub(crate) file: PathBuf,
    /// The modules below it.
    pub(crate) children: BTreeSet<String>,
    /// The names that it defines itself.
    pub(crate) items: BTreeSet<String>,
    /// Its imports and re-exports, those inside functions included.
    pub(crate) imports: Vec<Import>,
}

/// The modules of one crate, its unit tests aside.
#[derive(Default)]
pub(crate) struct Crate {
    /// The modules.
    pub(crate) modules: BTreeMap<ModulePath, Module>,
    /// The files that are part of the crate, parsed, with the modules that they hold.
    pub(crate) parsed: BTreeMap<PathBuf, (ModulePath, syn::File)>,
    /// The files that a `mod` declares, those of unit tests included.
    pub(crate) declared: BTreeSet<PathBuf>,
}

/// Where a path leads: a module, or an item of a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    Module(ModulePath),
    Item(ModulePath),
}

/// Whether the item is compiled for tests only.
pub(crate) fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let syn::Meta::List(list) = &attribute.meta else { return false };
        let words: Vec<_> =
            list.tokens.to_string().split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect();
        list.path.is_ident("cfg")
            && words.iter().any(|word| word == "test")
            && !words.iter().any(|word| word == "not")
    })
}

/// The attributes of an item.
pub(crate) fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        Item::ExternCrate(_) | Item::ForeignMod(_) | Item::TraitAlias(_) | Item::Verbatim(_) | _ => &[],
    }
}

fn name_of(item: &Item) -> Option<String> {
    let ident = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        Item::ExternCrate(_)
        | Item::ForeignMod(_)
        | Item::Impl(_)
        | Item::Mod(_)
        | Item::TraitAlias(_)
        | Item::Use(_)
        | Item::Verbatim(_)
        | _ => return None,
    };
    Some(ident.to_string())
}

/// The imports of a `use`.
pub(crate) fn flatten(item: &ItemUse) -> Vec<Import> {
    fn walk(tree: &UseTree, before: &[String], is_re_export: bool, found: &mut Vec<Import>) {
        let with = |ident: &syn::Ident| before.iter().cloned().chain([ident.to_string()]).collect::<Vec<_>>();
        // `a::{self}` is `a`.
        let import = |path: Vec<String>, name: Option<String>, is_glob| {
            let path = if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
                path[..path.len() - 1].to_vec()
            } else {
                path
            };
            let name = name.map(|name| if name == "self" { path[path.len() - 1].clone() } else { name });
            Import { path, name, is_glob, is_re_export }
        };
        match tree {
            UseTree::Path(path) => walk(&path.tree, &with(&path.ident), is_re_export, found),
            UseTree::Name(name) => found.push(import(with(&name.ident), Some(name.ident.to_string()), false)),
            UseTree::Rename(rename) => {
                let name = Some(rename.rename.to_string()).filter(|name| name != "_");
                found.push(import(with(&rename.ident), name, false));
            }
            UseTree::Glob(_) => found.push(import(before.to_vec(), None, true)),
            UseTree::Group(group) => {
                for tree in &group.items {
                    walk(tree, before, is_re_export, found);
                }
            }
        }
    }
    let mut found = Vec::new();
    if item.leading_colon.is_none() {
        walk(&item.tree, &[], !matches!(item.vis, Visibility::Inherited), &mut found);
    }
    found
}

impl Crate {
    /// Reads the crate whose root is `root`, one of `files`.
    pub(crate) fn read(files: &Files, root: &Path) -> Self {
        let mut read = Self::default();
        let folder = root.parent().unwrap().to_owned();
        read.file(files, root, &folder, Vec::new(), false);
        read
    }

    /// `folder` is where the files of the children are.
    fn file(&mut self, files: &Files, path: &Path, folder: &Path, module: ModulePath, in_tests: bool) {
        self.declared.insert(path.to_owned());
        let text = files.get(path).unwrap_or_else(|| panic!("{} is not there", path.display()));
        let parsed = syn::parse_file(text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        self.items(files, path, folder, &module, &parsed.items, in_tests);
        if !in_tests {
            self.parsed.insert(path.to_owned(), (module, parsed));
        }
    }

    fn items(
        &mut self,
        files: &Files,
        path: &Path,
        folder: &Path,
        at: &ModulePath,
        items: &[Item],
        in_tests: bool,
    ) {
        let mut module = Module { file: path.to_owned(), ..Module::default() };
        for item in items {
            let in_tests = in_tests || is_for_tests(attributes(item));
            if let Item::Mod(child) = item {
                let name = child.ident.to_string();
                let below: ModulePath = at.iter().cloned().chain([name.clone()]).collect();
                if !in_tests {
                    module.children.insert(name.clone());
                }
                match &child.content {
                    Some((_, items)) if !in_tests => {
                        self.items(files, path, &folder.join(&name), &below, items, false);
                    }
                    Some(_) => {}
                    None => {
                        let flat = folder.join(format!("{name}.rs"));
                        let file =
                            if files.contains_key(&flat) { flat } else { folder.join(&name).join("mod.rs") };
                        self.file(files, &file, &folder.join(&name), below, in_tests);
                    }
                }
            } else if !in_tests {
                module.items.extend(name_of(item));
            }
        }
        if !in_tests {
            self.modules.insert(at.clone(), module);
        }
    }

    /// Where `path` leads from `module`, and the modules whose re-exports it goes through; `None` if it leaves the crate.
    pub(crate) fn resolve(&self, module: &ModulePath, path: &[String]) -> Option<(Target, Vec<ModulePath>)> {
        let mut walk = Walk { read: self, through: Vec::new() };
        let target = walk.resolve(module, path)?;
        Some((target, walk.through))
    }
}

/// The way along a path.
struct Walk<'a> {
    read: &'a Crate,
    through: Vec<ModulePath>,
}

impl Walk<'_> {
    fn resolve(&mut self, module: &ModulePath, path: &[String]) -> Option<Target> {
        // Two globs may name each other.
        if self.through.len() > 16 {
            return None;
        }
        let (first, mut rest) = path.split_first()?;
        let mut at = match first.as_str() {
            "crate" => Vec::new(),
            "self" => module.clone(),
            "super" => module[..module.len().checked_sub(1)?].to_vec(),
            _ => {
                rest = path;
                module.clone()
            }
        };
        let is_relative = rest.len() == path.len();
        while let Some((segment, after)) = rest.split_first() {
            rest = after;
            if segment == "super" && !is_relative {
                at.pop()?;
                continue;
            }
            match self.step(&at, segment)? {
                Target::Module(next) => at = next,
                Target::Item(next) => return Some(Target::Item(next)),
            }
        }
        Some(Target::Module(at))
    }

    /// What `name` is in the module at `at`.
    fn step(&mut self, at: &ModulePath, name: &str) -> Option<Target> {
        let module = self.read.modules.get(at)?;
        if module.children.contains(name) {
            return Some(Target::Module(at.iter().cloned().chain([name.to_owned()]).collect()));
        }
        if module.items.contains(name) {
            return Some(Target::Item(at.clone()));
        }
        if let Some(import) = module.imports.iter().find(|import| import.name.as_deref() == Some(name)) {
            self.through.push(at.clone());
            return self.resolve(at, &import.path);
        }
        let globs = module.imports.iter().filter(|import| import.is_glob);
        globs.filter_map(|glob| self.behind(at, glob, name)).next()
    }

    /// What `name` is in the module that `glob` opens.
    fn behind(&mut self, at: &ModulePath, glob: &Import, name: &str) -> Option<Target> {
        let before = self.through.len();
        self.through.push(at.clone());
        let found = match self.resolve(at, &glob.path)? {
            Target::Module(there) if there != *at => self.step(&there, name),
            Target::Module(_) | Target::Item(_) => None,
        };
        if found.is_none() {
            self.through.truncate(before);
        }
        found
    }
}
