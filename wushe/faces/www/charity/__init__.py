"""The desk of charity money: funds, donations, expenses, duties and questions."""
