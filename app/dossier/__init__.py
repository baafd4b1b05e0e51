"""What leaves the application: justification, workbook, form sheet, figures and job scripts."""
