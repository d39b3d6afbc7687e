<%@ page contentType="text/html; charset=UTF-8" import="java.net.InetAddress, java.sql.*" %>
<%!
  static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
  }

  static Connection connect() throws Exception {
    Class.forName("org.mariadb.jdbc.Driver");
    return DriverManager.getConnection(System.getProperty("brooklyn.example.db.url"));
  }
%>
<%
  request.setCharacterEncoding("UTF-8");
  if (request.getMethod().equals("POST")) {
    try (Connection database = connect(); PreparedStatement insert = database.prepareStatement("INSERT INTO MESSAGES (NAME, MESSAGE) VALUES (?, ?)")) {
      insert.setString(1, request.getParameter("name"));
      insert.setString(2, request.getParameter("message"));
      insert.executeUpdate();
    }
    response.sendRedirect(request.getContextPath() + "/");
    return;
  }
%>
<!DOCTYPE html>
<html lang="en">
<head>
<title>Visitors</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body { font: 16px/1.6 system-ui, sans-serif; margin: 3rem auto; max-width: 40rem; padding: 0 1rem; }
input, button { font: inherit; padding: 0.25rem 0.5rem; }
</style>
</head>
<body>
<h1>Visitors</h1>
<ul>
<%
  try (Connection database = connect(); Statement query = database.createStatement(); ResultSet rows = query.executeQuery("SELECT NAME, MESSAGE FROM MESSAGES ORDER BY ID")) {
    while (rows.next()) {
%>
<li><b><%= escaped(rows.getString(1)) %></b>: <%= escaped(rows.getString(2)) %></li>
<%
    }
  }
%>
</ul>
<form method="post">
<input name="name" placeholder="your name" maxlength="30" required>
<input name="message" placeholder="your message" maxlength="400" required>
<button>Sign</button>
</form>
<p>Answered by <%= escaped(InetAddress.getLocalHost().getHostName()) %>.</p>
</body>
</html>
