"""One file per format of SSP libraries."""
