//! The addresses asked for, and how far below each of them something could still matter.
//!
//! The answer to an address is decided by what covers it, and by the last start of a function or
//! symbol at or below it: its *floor*. What ends at or below the floor, or begins above the address,
//! can be left out of the table.

/// Addresses of one batch, relative to the image, with their floors.
#[derive(Clone)]
pub(crate) struct Near {
    /// Ascending, each once.
    addrs: Vec<u32>,
    /// Ascending as well: the floor of a higher address is not lower.
    floors: Vec<Option<u32>>,
}

impl Near {
    /// Nothing is known below any address yet. Addresses beyond 32 bits are in no table.
    pub(crate) fn new(addrs: &[u64]) -> Self {
        let mut addrs: Vec<u32> = addrs
            .iter()
            .filter_map(|addr| u32::try_from(*addr).ok())
            .collect();
        addrs.sort_unstable();
        addrs.dedup();
        Near {
            floors: vec![None; addrs.len()],
            addrs,
        }
    }

    /// Every address with its floor.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = (u32, Option<u32>)> {
        self.addrs.iter().copied().zip(self.floors.iter().copied())
    }

    /// Takes note of starts, in any order.
    pub(crate) fn raise(&mut self, starts: impl Iterator<Item = u64>) {
        for start in starts {
            let Ok(start) = u32::try_from(start) else {
                continue;
            };
            let above = self.addrs.partition_point(|addr| *addr < start);
            if let Some(floor) = self.floors.get_mut(above) {
                *floor = (*floor).max(Some(start));
            }
        }
        let mut highest = None;
        for floor in &mut self.floors {
            highest = highest.max(*floor);
            *floor = highest;
        }
    }

    /// Whether something in `begin..end` can decide the answer to an address.
    ///
    /// Of the addresses at or above `begin` the lowest has the lowest floor.
    pub(crate) fn touches(&self, begin: u64, end: u64) -> bool {
        let above = self.addrs.partition_point(|addr| u64::from(*addr) < begin);
        match self.floors.get(above) {
            Some(Some(floor)) => u64::from(*floor) < end,
            Some(None) => true,
            None => false,
        }
    }

    /// Whether this is the floor of an address.
    pub(crate) fn is_floor(&self, start: u32) -> bool {
        self.floors.binary_search(&Some(start)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(addrs: &[u64], starts: &[u64]) -> Near {
        let mut near = Near::new(addrs);
        near.raise(starts.iter().copied());
        near
    }

    #[test]
    fn floor_is_the_last_start_at_or_below_the_address() {
        let near = near(&[50, 10, 30, 30, 1 << 40], &[40, 20, 30, 60]);
        let floors: Vec<_> = near.addresses().collect();
        assert_eq!(floors, [(10, None), (30, Some(30)), (50, Some(40))]);
    }

    #[test]
    fn touches_between_floor_and_address() {
        let near = near(&[50], &[40]);
        assert!(near.touches(10, 41));
        assert!(near.touches(50, 60));
        assert!(!near.touches(10, 40));
        assert!(!near.touches(51, 60));
    }

    #[test]
    fn touches_without_a_floor_is_everything_at_or_below() {
        let near = near(&[50], &[]);
        assert!(near.touches(0, 1));
        assert!(!near.touches(51, 52));
    }

    #[test]
    fn is_floor_of_any_address() {
        let near = near(&[10, 30, 50, 60], &[20, 40, 35]);
        assert!(near.is_floor(20) && near.is_floor(40));
        assert!(!near.is_floor(35) && !near.is_floor(50));
    }
}
