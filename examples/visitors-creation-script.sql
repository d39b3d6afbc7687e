-- The database of the visitors' book, and the user that the application connects as.
CREATE DATABASE visitors;
CREATE USER 'brooklyn'@'%' IDENTIFIED BY 'br00k11n';
GRANT SELECT, INSERT ON visitors.* TO 'brooklyn'@'%';
USE visitors;
CREATE TABLE MESSAGES (
  ID INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  NAME VARCHAR(30) NOT NULL,
  MESSAGE VARCHAR(400) NOT NULL
);
INSERT INTO MESSAGES (NAME, MESSAGE) VALUES ('Isaac Asimov', 'I grew up in Brooklyn');
