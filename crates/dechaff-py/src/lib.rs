//! dechaff for Python: the compiled half of the package `dechaff`.
//!
//! `python/dechaff` has the other half: exceptions, reports and the functions that compile a cleaner for one call. What is here
//! is documented for its users in `python/dechaff/_native.pyi`.

mod arrow;
mod cleaner;
mod error;
mod html;
mod options;
mod passage;
mod report;
mod stream;

/// The compiled half of dechaff.
#[pyo3::pymodule(gil_used = false)]
mod _native {
    use pyo3::prelude::*;
    use pyo3::types::PyTuple;

    #[pymodule_export]
    use crate::cleaner::Cleaner;
    #[pymodule_export]
    use crate::stream::Stream;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        let names = dechaff::Category::ALL.map(dechaff::Category::name);
        module.add("CATEGORIES", PyTuple::new(module.py(), names)?)
    }
}
