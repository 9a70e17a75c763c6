/** Names for fictional people; any likeness is chance. */
export const FIRST_NAMES: readonly string[] = [
  'Aarav', 'Aditi', 'Ajay', 'Akash', 'Ananya', 'Anil', 'Anjali', 'Arjun', 'Arun', 'Asha', 'Balaji', 'Bhavna', 'Chandan', 'Deepa', 'Deepak', 'Devika',
  'Dinesh', 'Divya', 'Farhan', 'Fatima', 'Ganesh', 'Gaurav', 'Geeta', 'Gurpreet', 'Harish', 'Hema', 'Imran', 'Indira', 'Ishaan', 'Jasleen', 'Jaya', 'Joseph',
  'Karthik', 'Kavita', 'Kiran', 'Lakshmi', 'Lalita', 'Madhav', 'Mahesh', 'Manish', 'Meena', 'Mohan', 'Nafisa', 'Naveen', 'Neha', 'Nikhil', 'Nisha', 'Pallavi',
  'Pooja', 'Prakash', 'Prasad', 'Priya', 'Rahul', 'Rajesh', 'Ramesh', 'Ravi', 'Rekha', 'Ritu', 'Rohit', 'Sachin', 'Salman', 'Sandeep', 'Sangeeta', 'Sanjay',
  'Shabnam', 'Shalini', 'Shankar', 'Shreya', 'Sneha', 'Sunil', 'Sunita', 'Suresh', 'Swati', 'Tanvi', 'Tara', 'Thomas', 'Uday', 'Uma', 'Varun', 'Vidya', 'Vijay', 'Vikram', 'Vinod', 'Yusuf',
];

export const LAST_NAMES: readonly string[] = [
  'Agarwal', 'Ahmed', 'Banerjee', 'Bhat', 'Bose', 'Chatterjee', 'Chauhan', 'Choudhary', 'Das', 'Desai', 'Deshmukh', 'Fernandes', 'Ghosh', 'Gill', 'Gowda',
  'Gupta', 'Hegde', 'Iyer', 'Jadhav', 'Jain', 'Joshi', 'Kale', 'Kamath', 'Khan', 'Kulkarni', 'Kumar', 'Mathew', 'Mehta', 'Menon', 'Mishra', 'Mukherjee',
  'Naidu', 'Nair', 'Pandey', 'Patel', 'Patil', 'Pillai', 'Prasad', 'Qureshi', 'Rajan', 'Rao', 'Rathore', 'Reddy', 'Roy', 'Saxena', 'Sen', 'Shah', 'Sharma',
  'Shetty', 'Shinde', 'Singh', 'Solanki', 'Subramanian', 'Thakur', 'Trivedi', 'Varghese', 'Varma', 'Verma', 'Yadav',
];
