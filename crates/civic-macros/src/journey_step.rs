//! `#[journey_step(..)]`.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Error, Expr, FnArg, Ident, ItemFn, Pat, PatIdent, PatType, Type};

const STEP: &str =
    "`#[journey_step]` takes the step, such as `#[journey_step(ApplyStep::Details)]`";
const FUNCTION: &str = "`#[journey_step]` belongs on an `async fn` that handles a request";
const ASYNC: &str =
    "`#[journey_step]` belongs on an `async fn`; for other code there is `progress.reach(step)`";
const ARGUMENT: &str = "`#[journey_step]` needs an argument of type `Progress<J>`, such as `progress: Progress<Apply>`";
const OWNED: &str = "`#[journey_step]` needs the `Progress<J>` by value, as the layer hands it out";
const PATTERN: &str = "`#[journey_step]` needs a name for the `Progress<J>`, such as `progress`";

/// The function with one more statement; on a mistake, the function as it was and one error.
pub(crate) fn expand(step: TokenStream, function: &TokenStream) -> TokenStream {
    let Ok(mut parsed) = syn::parse2::<ItemFn>(function.clone()) else {
        return with_error(&Error::new(first(function), FUNCTION), function);
    };
    match add(step, &mut parsed) {
        Ok(()) => parsed.into_token_stream(),
        Err(error) => with_error(&error, function),
    }
}

fn add(step: TokenStream, function: &mut ItemFn) -> Result<(), Error> {
    let step: Expr = syn::parse2(step).map_err(|_| Error::new(Span::call_site(), STEP))?;
    if function.sig.asyncness.is_none() {
        return Err(Error::new(function.sig.fn_token.span, ASYNC));
    }
    let arguments = Span::call_site();
    let progress = function
        .sig
        .inputs
        .iter_mut()
        .filter_map(|argument| match argument {
            FnArg::Typed(argument) => Some(argument),
            FnArg::Receiver(_) => None,
        })
        .find(|argument| is_progress(referent(&argument.ty)))
        .ok_or_else(|| Error::new(arguments, ARGUMENT))?;
    if matches!(*progress.ty, Type::Reference(_)) {
        return Err(Error::new(progress.ty.span(), OWNED));
    }
    let name = name_mutably(progress)?;
    let call = quote_spanned!(step.span()=> #name.reach_when_served(#step););
    function.block.stmts.insert(0, syn::parse2(call)?);
    Ok(())
}

/// The name of the argument, which becomes `mut`.
fn name_mutably(argument: &mut PatType) -> Result<Ident, Error> {
    match &mut *argument.pat {
        Pat::Ident(PatIdent {
            by_ref: None,
            mutability,
            ident,
            subpat: None,
            ..
        }) => {
            mutability.get_or_insert_with(Default::default);
            Ok(ident.clone())
        }
        Pat::Wild(wild) => {
            let ident = Ident::new("progress", wild.span().resolved_at(Span::mixed_site()));
            *argument.pat = Pat::Ident(PatIdent {
                attrs: Vec::new(),
                by_ref: None,
                mutability: Some(syn::token::Mut::default()),
                ident: ident.clone(),
                subpat: None,
            });
            Ok(ident)
        }
        other => Err(Error::new(other.span(), PATTERN)),
    }
}

/// Whether this is a path that ends in `Progress<..>`.
fn is_progress(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Progress"))
}

/// What a reference points to.
fn referent(ty: &Type) -> &Type {
    match ty {
        Type::Reference(reference) => &reference.elem,
        other => other,
    }
}

fn with_error(error: &Error, function: &TokenStream) -> TokenStream {
    let error = error.to_compile_error();
    quote!(#error #function)
}

fn first(tokens: &TokenStream) -> Span {
    tokens
        .clone()
        .into_iter()
        .next()
        .map_or_else(Span::call_site, |token| token.span())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(step: &str, function: &str) -> String {
        let expanded = expand(step.parse().unwrap(), &function.parse().unwrap());
        expanded.to_string().replace(' ', "")
    }

    fn tokens(text: &str) -> String {
        text.replace(' ', "")
    }

    #[test]
    fn one_statement_stands_before_the_others() {
        assert_eq!(
            expanded(
                "Step::Pay",
                "pub async fn pay(State(s): State<S>, progress: civic::journey::Progress<Apply>) -> Answer { s.pay().await }"
            ),
            tokens(
                "pub async fn pay(State(s): State<S>, mut progress: civic::journey::Progress<Apply>) -> Answer { \
                 progress.reach_when_served(Step::Pay); s.pay().await }"
            )
        );
    }

    #[test]
    fn an_argument_without_a_name_gets_one() {
        assert_eq!(
            expanded("Step::Pay", "async fn pay(_: Progress<Apply>) {}"),
            tokens(
                "async fn pay(mut progress: Progress<Apply>) { progress.reach_when_served(Step::Pay); }"
            )
        );
    }

    #[test]
    fn each_mistake_gives_one_error_and_leaves_the_function() {
        for (step, function, error) in [
            ("", "async fn a(p: Progress<A>) {}", STEP),
            ("S::A", "fn a(p: Progress<A>) {}", ASYNC),
            ("S::A", "async fn a() {}", ARGUMENT),
            ("S::A", "async fn a(p: &mut Progress<A>) {}", OWNED),
            (
                "S::A",
                "async fn a(Progress { .. }: Progress<A>) {}",
                PATTERN,
            ),
            ("S::A", "struct A ;", FUNCTION),
        ] {
            let text = expanded(step, function);
            assert_eq!(text.matches("compile_error").count(), 1, "{text}");
            assert!(text.contains(&tokens(error)), "{text}");
            assert!(text.ends_with(&tokens(function)), "{text}");
        }
    }
}
