//! Column widths. Comes in: the lines of one section, each as cells. Goes out: for every cell how
//! many blanks follow it. The rules are those of Go's `text/tabwriter` with the settings of gofmt:
//! a column is a run of consecutive lines that have a cell there, its width is that of its widest
//! cell and one blank, and a column whose cells are all empty has no width.

/// A cell that a separator ends. What follows the last separator of a line belongs to no column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    /// Width in characters.
    pub(super) width: usize,
    /// Whether the cell keeps its column even if all cells there are empty: indentation does.
    pub(super) hard: bool,
    /// The token after the separator; none for indentation.
    pub(super) before: Option<usize>,
}

/// Calls `pad` for each cell of `lines` in order of the text, with the blanks that follow the cell.
pub(super) fn pad_cells(lines: &[Vec<Cell>], pad: impl FnMut(Cell, usize)) {
    Columns { lines, widths: Vec::new(), pad }.format(0, lines.len());
}

struct Columns<'a, F> {
    lines: &'a [Vec<Cell>],
    /// Widths of the columns to the left of the one that is looked at.
    widths: Vec<usize>,
    pad: F,
}

impl<F: FnMut(Cell, usize)> Columns<'_, F> {
    fn format(&mut self, mut from: usize, to: usize) {
        let lines = self.lines;
        let column = self.widths.len();
        let mut this = from;
        while this < to {
            if lines[this].len() <= column {
                this += 1;
                continue;
            }
            self.emit(from, this);
            from = this;
            let mut width = 0;
            let mut empty = true;
            while let Some(cell) = lines[..to].get(this).and_then(|line| line.get(column)) {
                width = width.max(cell.width + 1);
                empty &= cell.width == 0 && !cell.hard;
                this += 1;
            }
            self.widths.push(if empty { 0 } else { width });
            self.format(from, this);
            self.widths.pop();
            from = this;
        }
        self.emit(from, to);
    }

    fn emit(&mut self, from: usize, to: usize) {
        for line in &self.lines[from..to] {
            for (cell, width) in line.iter().zip(&self.widths) {
                (self.pad)(*cell, width.saturating_sub(cell.width));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pads(lines: &[&[usize]]) -> Vec<usize> {
        let cell = |&width: &usize| Cell { width, hard: false, before: None };
        let lines: Vec<Vec<Cell>> = lines.iter().map(|l| l.iter().map(cell).collect()).collect();
        let mut out = Vec::new();
        pad_cells(&lines, |_, pad| out.push(pad));
        out
    }

    #[test]
    fn a_column_is_as_wide_as_its_widest_cell_and_one_blank() {
        assert_eq!(pads(&[&[1], &[3]]), [3, 1]);
    }

    #[test]
    fn a_line_without_the_cell_ends_the_column() {
        assert_eq!(pads(&[&[1], &[], &[3]]), [1, 1]);
        assert_eq!(pads(&[&[1, 1], &[3], &[1, 4]]), [3, 1, 1, 3, 1]);
    }

    #[test]
    fn a_column_of_empty_cells_has_no_width() {
        assert_eq!(pads(&[&[1, 0, 2], &[2, 0, 1]]), [2, 0, 1, 1, 0, 2]);
        assert_eq!(pads(&[&[1, 0, 2], &[2, 5, 1]]), [2, 6, 1, 1, 1, 2]);
    }
}
