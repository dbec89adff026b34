"""Tables for spreadsheets: what XLSX and CSV share, and what a workbook is made of."""
