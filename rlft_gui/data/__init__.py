"""Data that people bring: reading files, shapes of rows, the upload store, and the rows that stages train on."""
