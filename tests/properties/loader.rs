//! Node's `Module._resolveFilename` and `Module._findPath`, written down once more over a tree in memory: statement by
//! statement, and without a thought for speed. What `exports` give is asked of the core, which has properties of its own.

use std::cell::Cell;
use std::path::Path;

use fast_resolve::exports::{TargetContext, package_exports_resolve};
use fast_resolve::fs::{EntryType, FileContent, FileSystem as _, Link, MemoryFileSystem};
use fast_resolve::package_json::{PackageFields, PackageJson};
use fast_resolve::specifier::PackageSpecifier;
use fast_resolve::{AbsolutePath, ResolveOptions};

/// The answer, "not here", or the code of an error.
type Found = Result<Option<String>, &'static str>;

pub struct Loader<'a> {
    pub file_system: &'a MemoryFileSystem,
    pub options: &'a ResolveOptions,
    /// Whether anything was met for which Node prints a warning or which its versions read differently.
    pub was_odd: Cell<bool>,
}

impl Loader<'_> {
    /// `Module._resolveFilename`, but for builtins and for requests that begin with `#`.
    pub fn resolve_filename(&self, request: &str, directory: &str) -> Result<String, &'static str> {
        if let Some(path) = self.try_self(request, directory)? {
            return Ok(path);
        }
        let is_relative = matches!(request.as_bytes(), [b'.'] | [b'.', b'.' | b'/', ..]);
        let paths = match request {
            _ if request.starts_with('/') => vec![String::new()],
            _ if is_relative => vec![directory.to_owned()],
            _ => self.lookup_paths(directory),
        };
        for path in paths {
            if let Some(found) = self.find_path(request, &path)? {
                return Ok(found);
            }
        }
        Err("MODULE_NOT_FOUND")
    }

    fn lookup_paths(&self, directory: &str) -> Vec<String> {
        let mut paths: Vec<String> = Path::new(directory)
            .ancestors()
            .filter(|above| above.file_name().is_none_or(|name| name != "node_modules"))
            .map(|above| resolve(above.to_str().unwrap(), "node_modules"))
            .collect();
        paths.extend(self.options.global_paths.iter().map(|path| path.as_str().to_owned()));
        paths
    }

    /// One turn of the loop in `Module._findPath`.
    fn find_path(&self, request: &str, path: &str) -> Found {
        let is_inside = !is_relative(request) || !normalize(request).starts_with("..");
        if is_inside && !path.is_empty() && self.stat(path) != Some(EntryType::Directory) {
            return Ok(None);
        }
        if !path.is_empty()
            && let Some(found) = self.resolve_exports(request, path)?
        {
            return Ok(Some(found));
        }
        let base_path = resolve(path, request);
        let last_segment = request.rsplit('/').next().unwrap_or_default();
        let has_trailing_slash = !request.is_empty() && matches!(last_segment, "" | "." | "..");
        if !has_trailing_slash
            && let Some(found) = self.try_file(&base_path).or_else(|| self.try_extensions(&base_path))
        {
            return Ok(Some(found));
        }
        if self.stat(&base_path) == Some(EntryType::Directory) {
            self.try_package(&base_path)
        } else {
            Ok(None)
        }
    }

    fn try_package(&self, path: &str) -> Found {
        let main = self.read_package(path)?.and_then(|package_json| package_json.main);
        let index = self.try_extensions(&resolve(path, "index"));
        let Some(main) = main else { return Ok(index) };
        let filename = resolve(path, &main);
        let found = self
            .try_file(&filename)
            .or_else(|| self.try_extensions(&filename))
            .or_else(|| self.try_extensions(&resolve(&filename, "index")));
        if found.is_some() {
            return Ok(found);
        }
        self.was_odd.set(self.was_odd.get() || index.is_some());
        index.map(Some).ok_or("MODULE_NOT_FOUND")
    }

    fn try_file(&self, path: &str) -> Option<String> {
        (self.stat(path) == Some(EntryType::File)).then(|| self.real_path(path))
    }

    fn try_extensions(&self, path: &str) -> Option<String> {
        self.options
            .extensions
            .iter()
            .find_map(|extension| self.try_file(&format!("{path}{extension}")))
    }

    fn try_self(&self, request: &str, directory: &str) -> Found {
        let mut above = Some(Path::new(directory));
        while let Some(path) = above {
            let path_text = path.to_str().unwrap();
            if path_text.ends_with("/node_modules") {
                return Ok(None);
            }
            if let Some(package_json) = self.read_package(path_text)? {
                self.was_odd.set(self.was_odd.get() || path_text == "/");
                let name = package_json.name.clone();
                let rest = name.and_then(|name| Some(request.strip_prefix(&*name)?.to_owned()));
                let rest = rest.filter(|rest| rest.is_empty() || rest.starts_with('/'));
                return rest.map_or(Ok(None), |rest| self.follow_exports(path_text, &package_json, &rest));
            }
            above = path.parent();
        }
        Ok(None)
    }

    fn resolve_exports(&self, request: &str, path: &str) -> Found {
        let Some(PackageSpecifier { name, rest }) = PackageSpecifier::parse(request) else {
            return Ok(None);
        };
        let directory = resolve(path, name);
        let package_json = self.read_package(&directory)?;
        package_json.map_or(Ok(None), |package_json| {
            self.follow_exports(&directory, &package_json, rest)
        })
    }

    fn follow_exports(&self, directory: &str, package_json: &PackageJson, rest: &str) -> Found {
        let Some(exports) = &package_json.exports else {
            return Ok(None);
        };
        let context = TargetContext {
            package: &AbsolutePath::new(directory).unwrap(),
            base: None,
            conditions: &self.options.conditions,
            policy: self.options.policy,
            is_url_wanted: false,
            resolve_bare: None,
        };
        let target = package_exports_resolve(&context, &format!(".{rest}"), exports);
        let target = target.map_err(|error| error.code().unwrap_or("unsure"))?;
        self.try_file(target.as_str()).map(Some).ok_or("MODULE_NOT_FOUND")
    }

    /// Whether a kernel gives up on the way to a path, for too many links.
    fn has_too_many_links(&self, path: &str) -> bool {
        let mut pending: Vec<String> = path.split('/').rev().map(str::to_owned).collect();
        let mut at = "/".to_owned();
        let mut links = 0;
        while let Some(name) = pending.pop() {
            let next = resolve(&at, &name);
            match self.file_system.read_link(Path::new(&next)) {
                Link::To(text) => {
                    links += 1;
                    if links > 40 {
                        return true;
                    }
                    if text.starts_with('/') {
                        at = "/".to_owned();
                    }
                    pending.extend(text.split('/').rev().map(str::to_owned));
                }
                Link::Missing if next != "/" => return false,
                _ => at = next,
            }
        }
        false
    }

    fn read_package(&self, directory: &str) -> Result<Option<PackageJson>, &'static str> {
        if self.has_too_many_links(&resolve(directory, "package.json")) {
            self.was_odd.set(true);
            return if self.options.unreadable_is_error {
                Err("ERR_INVALID_PACKAGE_CONFIG")
            } else {
                Ok(None)
            };
        }
        let FileContent::Bytes(bytes, _) = self
            .file_system
            .read_file(Path::new(&resolve(directory, "package.json")))
        else {
            return Ok(None);
        };
        let package_json = PackageJson::parse(&bytes, &PackageFields::of_main(&self.options.main_fields));
        let package_json = package_json.map_err(|_| "ERR_INVALID_PACKAGE_CONFIG")?;
        self.was_odd.set(self.was_odd.get() || package_json.is_odd);
        Ok(Some(package_json))
    }

    fn stat(&self, path: &str) -> Option<EntryType> {
        self.file_system.entry_type(Path::new(path))
    }

    /// Replaces one link after the other, from the left to the right.
    fn real_path(&self, path: &str) -> String {
        let ends = path
            .match_indices('/')
            .skip(1)
            .map(|(index, _)| index)
            .chain([path.len()]);
        for end in ends {
            if let Link::To(target) = self.file_system.read_link(Path::new(&path[..end])) {
                let directory = Path::new(&path[..end]).parent().unwrap().to_str().unwrap();
                return self.real_path(&resolve(
                    &resolve(directory, &target),
                    path[end..].trim_start_matches('/'),
                ));
            }
        }
        path.to_owned()
    }
}

fn resolve(base: &str, other: &str) -> String {
    AbsolutePath::new(&format!("/{base}"))
        .unwrap()
        .resolve(other)
        .into_string()
}

fn is_relative(request: &str) -> bool {
    request == "."
        || request == ".."
        || ["./", "../", "..\\"]
            .into_iter()
            .any(|start| request.starts_with(start))
}

fn normalize(request: &str) -> String {
    let mut stack: Vec<&str> = Vec::new();
    for segment in request.split('/') {
        match segment {
            "" | "." => {}
            ".." if stack.last().is_some_and(|last| *last != "..") => drop(stack.pop()),
            other => stack.push(other),
        }
    }
    stack.join("/")
}
